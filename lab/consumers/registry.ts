/** A JSR registry on loopback, which serves what `deno publish` uploads, and nothing else. */

import { createHash } from "node:crypto";
import { deno } from "../../tests/command.ts";

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

/** Returns the files that `deno publish` uploads, as it changes them: with whole specifiers. */
export async function packageFiles(): Promise<Files> {
  let uploaded: Uint8Array<ArrayBuffer> | undefined;
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, async (request) => {
    if (request.method === "POST") uploaded = await request.bytes();
    const isNew = request.method === "GET" && request.url.includes("/versions/");
    const answer = { id: "1", status: "success", error: null };
    return Response.json(answer, { status: isNew ? 404 : 200 });
  });
  const env = { JSR_URL: `http://127.0.0.1:${server.addr.port}/` };
  await deno(["publish", "--allow-dirty", "--token=none"], { cwd: ROOT, env });
  return unpack(uploaded!);
}

/** Reads a tar archive: heads of 512 bytes, with a file's name and its size, and what is in it. */
async function unpack(archive: Uint8Array<ArrayBuffer>): Promise<Files> {
  const stream = new Blob([archive]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = await new Response(stream).bytes();
  const files: Files = new Map();
  for (let at = 0; bytes[at] !== 0;) {
    const field = (from: number, to: number) =>
      new TextDecoder().decode(bytes.subarray(at + from, at + to)).replace(/\0[^]*/, "");
    const size = parseInt(field(124, 136), 8);
    files.set(`/${field(0, 100)}`, bytes.slice(at + 512, at + 512 + size));
    at += 512 * (1 + Math.ceil(size / 512));
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
