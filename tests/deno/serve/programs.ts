/** Prints what handlers of Deno.serve see: `deno run -A programs.ts NAME`. */

import { Context, copyContext, createTask } from "@contextvars/contextvars";
import { ask, handler, user } from "./ask.ts";

const atLoad = copyContext(); // nothing is set

const PROGRAMS: Record<string, () => Promise<Record<string, string[]>>> = {
  unbound: async () => ({
    "unbound": await ask(handler, "alice", ""),
    "unbound, on another server": await ask(handler, ""),
    "bound": await ask(atLoad.bind(handler), "", "bob", ""),
    "in a new context": await ask((request) => new Context().run(handler, request), ""),
  }),

  async import() {
    await importAsStranger();
    return {
      "unbound": await ask(handler, ""),
      "createTask in an unbound handler": await ask((it) => createTask(handler, it), ""),
      "bound": await ask(atLoad.bind(handler), ""),
      "in a new context": await ask((request) => new Context().run(handler, request), ""),
    };
  },

  async later() {
    await importAsStranger();
    return {
      "read later": await askAlice(() => new Response(ReadableStream.from(names()))),
      "read later, by the handler's task": await askAlice(() =>
        new Response(ReadableStream.from(names()).pipeThrough(new TransformStream()))
      ),
      "pulled later, bound": await askAlice(() => {
        const pull = async (controller: ReadableByteStreamController) => {
          for await (const name of names()) controller.enqueue(name);
          controller.close();
        };
        return new Response(new ReadableStream({ type: "bytes", pull: copyContext().bind(pull) }));
      }),
      "onError": await askAlice(() => {
        throw new Error();
      }),
    };
  },

  async remedies() {
    await import("@contextvars/contextvars/strict");
    const names = ["alice", "", "bob", ""];
    const late = async (request: Request) => {
      const response = await handler(request);
      await import(`data:text/javascript,// ${request.url}`);
      return response;
    };
    const answers = {
      "none": await ask(late, ...names),
      "bound": await ask(new Context().bind(late), ...names),
    };
    await import("@contextvars/contextvars/servers");
    return { ...answers, "servers": await ask(late, ...names) };
  },
};

/** A dynamic import() inside a task leaves something for handlers that are not bound. */
async function importAsStranger(): Promise<void> {
  await createTask(async () => {
    user.set("stranger");
    await import("data:text/javascript,");
  });
}

async function* names(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(user.get());
}

/** Asks a server whose handler is bound, and sets the user. */
function askAlice(respond: () => Response): Promise<string[]> {
  const handler = async () => {
    user.set("alice");
    await Promise.resolve();
    return respond();
  };
  return ask(atLoad.bind(handler), "");
}

console.log(JSON.stringify(await PROGRAMS[Deno.args[0]!]!()));
