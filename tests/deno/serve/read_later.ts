/** Shows what the server calls after a bound handler has returned, and what mends it. */

// deno-lint-ignore-file contextvars/unbound-generator contextvars/unbound-listener -- on purpose

import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });

async function* names(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(user.get());
}

/** The responses to a request of alice, each with a body that has her name. */
const responses: Record<string, () => Response> = {
  "read later": () => new Response(ReadableStream.from(names())),
  "read later, by the handler's task": () =>
    new Response(ReadableStream.from(names()).pipeThrough(new TransformStream())),
  "pulled later, bound"() {
    const pull = async (controller: ReadableByteStreamController) => {
      for await (const name of names()) controller.enqueue(name);
      controller.close();
    };
    return new Response(new ReadableStream({ type: "bytes", pull: copyContext().bind(pull) }));
  },
  "onError"() {
    throw new Error();
  },
};

async function ask(name: string): Promise<void> {
  const handler = copyContext().bind(async () => {
    user.set("alice");
    await Promise.resolve();
    return responses[name]!();
  });
  const onError = () => new Response(user.get());
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, handler);
  const response = await fetch(`http://127.0.0.1:${server.addr.port}/`);
  console.log(`${name}: ${await response.text()}`);
  await server.shutdown();
}

await createTask(async () => {
  user.set("stranger");
  await import("./imported.ts");
});

for (const name of Object.keys(responses)) await ask(name);
