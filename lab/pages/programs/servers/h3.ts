/** h3. */

import "@contextvars/contextvars/servers";
import { H3, serve } from "h3";
import { begin, bytes, fail, hello, see, work } from "../shared/probe.ts";

const app = new H3({
  onRequest: () => see("onRequest", null),
  onResponse: (_response, event) => see("onResponse", event.req.headers.get("x-user")),
  onError: (_error, event) =>
    new Response(hello("onError", event.req.headers.get("x-user")), { status: 500 }),
});
app.use((event) => begin(event.req.headers.get("x-user")));
app.get("/", (event) => work(event.req.headers.get("x-user")));
app.post("/", async ({ req }) => {
  await req.json();
  return hello("after the body", req.headers.get("x-user"));
});
app.get("/stream", ({ req }) => bytes("generator", req.headers.get("x-user")));
app.get("/error", fail);

serve(app, { hostname: "127.0.0.1", port: 8000 });

// asked for: usual, /stream
// by its line: { H3, serve } from "h3"; ~> { H3 } from "h3";\nimport { serve } from "srvx";
// by its line: serve(app, { ~> serve({ fetch: new Context().bind(app.fetch),
// wrong, without the import, as middleware: app.use( ~> app.use((_event, next) => new Context().run(next));\napp.use(
