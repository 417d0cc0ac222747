/** `deno serve`, with a module that exports its handler: docs/frameworks.md has the lines to copy. */

// deno-lint-ignore-file contextvars/unbound-generator -- on purpose

import { ContextVar, copyContext } from "@contextvars/contextvars";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

async function handler(request: Request): Promise<Response> {
  const name = request.headers.get("x-user");
  see("start", null);
  if (name !== null) user.set(name);
  if (request.method === "POST") await request.json();
  await pause(name);
  seeHelped(name);
  see("handler", name);
  switch (new URL(request.url).pathname) {
    case "/stream":
      return new Response(
        ReadableStream.from(copyContext().bind(lines)("bound generator", name)),
      );
    case "/lost/stream":
      return new Response(ReadableStream.from(lines("generator", name)));
    case "/error":
      return await failing().catch(() => new Response(`sorry, ${user.get()}\n`, { status: 500 }));
  }
  return new Response(`hello, ${user.get()}\n`);
}

async function* lines(place: string, name: string | null): AsyncGenerator<Uint8Array> {
  for (let left = 3; left > 0; left--) {
    await pause();
    see(place, name);
    yield new TextEncoder().encode(`${user.get()}\n`);
  }
}

async function failing(): Promise<never> {
  await pause();
  throw new Error();
}

export default { fetch: copyContext().bind(handler) };
