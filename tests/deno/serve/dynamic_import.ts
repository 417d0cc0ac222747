/** Shows what a dynamic import() inside a task leaves for handlers that are not bound. */

// deno-lint-ignore-file contextvars/copied-handler -- on purpose

import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });

function handler(): Response {
  return new Response(user.get());
}

async function ask(label: string, handler: Deno.ServeHandler): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`);
  console.log(`${label}: ${await response.text()}`);
  await server.shutdown();
}

const bound = copyContext().bind(handler);

await createTask(async () => {
  user.set("stranger");
  await import("./imported.ts");
});

await ask("unbound", handler);
await ask("createTask in an unbound handler", () => createTask(handler));
await ask("bound", bound);
await ask("in a new context", () => new Context().run(handler));
