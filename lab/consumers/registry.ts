/**
 * A JSR registry on loopback, which serves what `deno publish` would upload and nothing else.
 *
 * Files are served as they are: `deno publish` changes only imports that go through an import map,
 * and the package has none.
 */

import { createHash } from "node:crypto";
import { runDeno } from "../../tests/command.ts";

const ROOT = new URL("../../", import.meta.url);
const PACKAGE = "/@contextvars/contextvars";

/** A package's files: paths from its root, such as `/mod.ts`, and what is in them. */
export type Files = Map<string, Uint8Array<ArrayBuffer>>;

/** Serves versions of the package as JSR does, until it is disposed. */
export class Registry {
  readonly #versions: string[] = [];
  readonly #served: Files = new Map();
  readonly #server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => this.#respond(new URL(request.url).pathname),
  );

  /** What `JSR_URL` must be for a client of this registry. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Adds a version, which is the latest from now on; `deno.json` gets its number. */
  publish(version: string, unnumbered: Files): void {
    const config = JSON.parse(new TextDecoder().decode(unnumbered.get("/deno.json")));
    const files = new Map(unnumbered).set("/deno.json", encode({ ...config, version }));
    this.#versions.push(version);
    const versions = Object.fromEntries(this.#versions.map((each) => [each, {}]));
    const meta = { scope: "contextvars", name: "contextvars", latest: version, versions };
    this.#served.set(`${PACKAGE}/meta.json`, encode(meta));
    const entries = Array.from(files, ([path, bytes]) => [path, entryOf(bytes)]);
    const manifest = Object.fromEntries(entries);
    const versionMeta = { manifest, exports: config.exports };
    this.#served.set(`${PACKAGE}/${version}_meta.json`, encode(versionMeta));
    for (const [path, bytes] of files) this.#served.set(`${PACKAGE}/${version}${path}`, bytes);
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #respond(path: string): Response {
    const bytes = this.#served.get(path);
    if (bytes === undefined) return new Response("not found", { status: 404 });
    const type = path.endsWith(".ts") ? "text/typescript" : "application/json";
    return new Response(bytes, { headers: { "content-type": type } });
  }
}

/** Reads the files that `deno publish` would upload: those that its dry run names. */
export async function packageFiles(): Promise<Files> {
  const args = ["publish", "--dry-run", "--allow-dirty"];
  const { code, stdout, stderr } = await runDeno(args, { cwd: ROOT });
  if (code !== 0) throw new Error(`deno publish --dry-run failed:\n${stderr}`);
  const files: Files = new Map();
  for (const [, url] of (stdout + stderr).matchAll(/^ *(file:\S+) \(.*\)$/gm)) {
    files.set(`/${url!.slice(ROOT.href.length)}`, await Deno.readFile(new URL(url!)));
  }
  return files;
}

function entryOf(bytes: Uint8Array): { size: number; checksum: string } {
  const checksum = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
  return { size: bytes.length, checksum };
}

function encode(content: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(content));
}
