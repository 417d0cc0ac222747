/** h3: docs/frameworks.md has the lines to copy. */

// deno-lint-ignore-file contextvars/unbound-generator -- on purpose

import { ContextVar, copyContext } from "@contextvars/contextvars";
import { H3 } from "h3";
import type { H3Config } from "h3";
import { serve } from "srvx";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

const app = new H3();
Object.assign(
  app.config,
  {
    onRequest: () => see("onRequest", null),
    onResponse: (_response, event) => see("onResponse", event.req.headers.get("x-user")),
    onError(_error, event) {
      see("onError", event.req.headers.get("x-user"));
      return new Response(`sorry, ${user.get()}\n`, { status: 500 });
    },
  } satisfies H3Config,
);
app.use((event) => {
  const name = event.req.headers.get("x-user");
  see("start", null);
  if (name !== null) user.set(name);
});
app.get("/", async (event) => {
  await pause(event.req.headers.get("x-user"));
  seeHelped(event.req.headers.get("x-user"));
  see("handler", event.req.headers.get("x-user"));
  return `hello, ${user.get()}\n`;
});
app.post("/", async (event) => {
  await event.req.json();
  see("after the body", event.req.headers.get("x-user"));
  return `hello, ${user.get()}\n`;
});
async function* lines(place: string, name: string | null): AsyncGenerator<Uint8Array> {
  for (let left = 3; left > 0; left--) {
    await pause();
    see(place, name);
    yield new TextEncoder().encode(`${user.get()}\n`);
  }
}
app.get("/stream", ({ req }) => {
  const bound = copyContext().bind(lines);
  return ReadableStream.from(bound("bound generator", req.headers.get("x-user")));
});
app.get("/lost/stream", ({ req }) => {
  return ReadableStream.from(lines("generator", req.headers.get("x-user")));
});
app.get("/error", async () => {
  await pause();
  throw new Error();
});

serve({ hostname: "127.0.0.1", port: 8000, fetch: copyContext().bind(app.fetch) });
