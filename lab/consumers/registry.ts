/** A JSR registry on loopback, which serves what `deno publish` uploads, and nothing else. */

import { parseTarGzip } from "npm:nanotar@0.3.0";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { deno } from "../../tests/command.ts";

const ROOT = new URL("../../", import.meta.url);
const PACKAGE = "/@contextvars/contextvars";
const ANYWHERE = { hostname: "127.0.0.1", port: 0, onListen() {} };

/** A package's files: paths from its root, such as `/mod.ts`, and the text of each. */
export type Files = ReadonlyMap<string, string>;

/** Serves versions of the package as JSR does, until it is disposed. */
export class Registry {
  readonly #versions: Record<string, object> = {};
  readonly #served = new Map<string, string>();
  readonly #server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(ANYWHERE, ({ url }) => {
    const { pathname } = new URL(url);
    const text = this.#served.get(pathname);
    const type = pathname.endsWith(".ts") ? "text/typescript" : "application/json";
    return text === undefined
      ? new Response("not found", { status: 404 })
      : new Response(text, { headers: { "content-type": type } });
  });

  /** What `JSR_URL` must be for a client of this registry. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** Adds a version, which is the latest from now on. */
  publish(version: string, files: Files): void {
    const { exports } = JSON.parse(files.get("/deno.json")!);
    const manifest: Record<string, object> = {};
    for (const [path, text] of files) {
      const checksum = `sha256-${createHash("sha256").update(text).digest("hex")}`;
      manifest[path] = { size: Buffer.byteLength(text), checksum };
      this.#served.set(`${PACKAGE}/${version}${path}`, text);
    }
    this.#serveJson(`${version}_meta.json`, { manifest, exports });
    this.#versions[version] = {};
    const names = { scope: "contextvars", name: "contextvars" };
    this.#serveJson("meta.json", { ...names, latest: version, versions: this.#versions });
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #serveJson(file: string, content: object): void {
    this.#served.set(`${PACKAGE}/${file}`, JSON.stringify(content));
  }
}

/** Returns the files that `deno publish` uploads, as it changes them: with whole specifiers. */
export async function packageFiles(): Promise<Files> {
  let uploaded: ArrayBuffer | undefined;
  await using server = Deno.serve(ANYWHERE, async (request) => {
    if (request.method === "POST") uploaded = await request.arrayBuffer();
    const isNew = request.method === "GET" && request.url.includes("/versions/");
    const answer = { id: "1", status: "success", error: null };
    return Response.json(answer, { status: isNew ? 404 : 200 });
  });
  const env = { JSR_URL: `http://127.0.0.1:${server.addr.port}/` };
  await deno(["publish", "--allow-dirty", "--token=none"], { cwd: ROOT, env });
  return new Map((await parseTarGzip(uploaded!)).map(({ name, text }) => [`/${name}`, text]));
}
