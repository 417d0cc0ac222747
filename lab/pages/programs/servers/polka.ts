/** Polka. */

// deno-lint-ignore-file no-explicit-any -- it has no types

import "@contextvars/contextvars/servers";
// @ts-ignore: it has no types
import polka from "polka";
import { begin, fail, hello, lines, listen, work } from "../shared/probe.ts";

type Asked = { headers: Record<string, string> } & AsyncIterable<Uint8Array>;
const app: any = polka({
  onError: (_error: unknown, { headers }: Asked, response: { end(text: string): void }) =>
    response.end(hello("onError", headers["x-user"])),
});
app.use(({ headers }: Asked, response: any, next: () => void) => {
  listen(response, headers["x-user"]);
  begin(headers["x-user"]);
  next();
});
app.get("/", async ({ headers }: Asked, response: any) => {
  response.end(await work(headers["x-user"]));
});
app.get("/stream", async ({ headers }: Asked, response: any) => {
  for await (const line of lines("streamed body", headers["x-user"])) response.write(line);
  response.end();
});
app.get("/error", (_request: Asked, _response: unknown, next: any) => fail().catch(next));
app.listen(8000, "127.0.0.1");

// asked for: usual without a body, stream
// by its line: app.listen(8000, "127.0.0.1") ~> createServer(new Context().bind(app.handler)).listen(8000, "127.0.0.1")
