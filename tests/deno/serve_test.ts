/**
 * Handlers of Deno.serve, bound and not bound. What Deno does to those that are not bound is here so
 * that a change is noticed: Deno 2.8 and 2.9 do it; 2.5 did not.
 *
 * lab/soak and lab/pages put such servers under load.
 */

// deno-lint-ignore-file contextvars/unbound-listener -- on purpose

import { assertEquals } from "@std/assert";
import { copyContext } from "@contextvars/contextvars";
import { deno } from "../command.ts";
import { inTask } from "../harness.ts";
import { needsDeno } from "../needs_deno.ts";
import { ask, user } from "./serve/ask.ts";

const LEAKS = needsDeno("2.8.0");

/** Runs a program of programs.ts, which would leave its traces in this process. */
async function answersOf(program: string): Promise<unknown> {
  const path = import.meta.resolve("./serve/programs.ts");
  return JSON.parse(await deno(["run", "--quiet", "-A", path, program]));
}

Deno.test("ContextVar.set() in an unbound handler reaches the next request", LEAKS, async () => {
  assertEquals(await answersOf("unbound"), {
    "unbound": ["alice", "alice"], // the runtime's doing: a stranger's value
    "unbound, on another server": ["alice"],
    "bound": ["anonymous", "bob", "anonymous"],
    "in a new context": ["anonymous"],
  });
});

Deno.test("createTask() in an unbound handler inherits what an import left", LEAKS, async () => {
  assertEquals(await answersOf("import"), {
    "unbound": ["stranger"], // the runtime's doing
    "createTask in an unbound handler": ["stranger"],
    "bound": ["anonymous"],
    "in a new context": ["anonymous"],
  });
});

Deno.test("What is called after a bound handler sees a stranger's value", LEAKS, async () => {
  assertEquals(await answersOf("later"), {
    "read later": ["stranger"], // the runtime's doing
    "read later, by the handler's task": ["alice"],
    "pulled later, bound": ["alice"],
    "onError": ["Error, stranger"], // the runtime's doing
  });
});

Deno.test("What the error of a set outside tasks advises keeps the requests apart", async () => {
  assertEquals(await answersOf("remedies"), {
    "none": Array(2).fill(["RuntimeError, anonymous", "anonymous"]).flat(),
    "bound": ["alice", "anonymous", "bob", "anonymous"],
    "servers": ["alice", "anonymous", "bob", "anonymous"],
  });
});

inTask("Context.bind() keeps requests apart on a server made by a task", async ({ tenant }) => {
  tenant.set("acme");
  const bound = copyContext().bind((request: Request) => {
    const seen = tenant.get();
    tenant.set(request.url);
    return new Response(seen);
  });
  assertEquals(await ask(bound, "a", "b"), ["acme", "acme"]);
});

inTask("Context.bind() keeps a request's context through a response that streams", async () => {
  const bound = copyContext().bind((request: Request) => {
    user.set(new URL(request.url).pathname);
    let left = 3;
    const body = new ReadableStream<string>({
      pull(controller) {
        controller.enqueue(user.get());
        if (--left === 0) controller.close();
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()));
  });
  const bodies = await Promise.all([ask(bound, "alice"), ask(bound, "bob")]);
  assertEquals(bodies, [["/alice/alice/alice"], ["/bob/bob/bob"]]);
});
