import { assertEquals } from "@std/assert";
import { exampleProcess, listExamples } from "../../examples/run_all.ts";

/** Runs an example as its head says, and checks that it prints exactly these lines. */
async function prints(name: string, lines: string[]): Promise<void> {
  const { code, stdout, stderr } = await exampleProcess(name).output();
  const text = (output: Uint8Array) => new TextDecoder().decode(output).replaceAll("\r\n", "\n");
  assertEquals(
    { stdout: text(stdout), stderr: text(stderr), code },
    { stdout: `${lines.join("\n")}\n`, stderr: "", code: 0 },
  );
}

Deno.test("examples/auth.ts prints what the documents print", () =>
  prints("auth", [
    "Profile of alice",
    "Profile of bob",
    "401 Unauthorized",
    "After logIn: bob",
    "Outside: anonymous",
  ]));

Deno.test("examples/basics.ts prints what the documents print", () =>
  prints("basics", [
    "User ID in main: 42",
    "User ID in sync function: 42",
    "User ID in async function: 42",
    "User ID in new context: 100",
    "User ID after new context: 42",
  ]));

Deno.test("examples/callbacks.ts prints what the documents print", () =>
  prints("callbacks", [
    "Not bound:",
    "Job of Alice runs as Bob",
    "Job of Bob runs as Bob",
    "Bound:",
    "Job of Alice runs as Alice",
    "Job of Bob runs as Bob",
    "Listener of Alice runs as Bob",
    "Bound, it runs as Alice",
  ]));

Deno.test("examples/copy_context.ts prints what the documents print", () =>
  prints("copy_context", ["Child sees trace_id: abc-123"]));

Deno.test("examples/create_task.ts prints what the documents print", () =>
  prints("create_task", ["Logging request: req-1", "Logging request: req-2"]));

Deno.test("examples/debug_mode.ts prints what debug mode reports", () =>
  prints("debug_mode", [
    "Promise.all makes no tasks:",
    'contextvars: a race on <ContextVar "user"> in task #1.',
    '[ "hello, Bob", "hello, Bob" ]',
    "Mended:",
    '[ "hello, Alice", "hello, Bob" ]',
    "A listener runs in the context of whoever emits:",
    "This code runs outside any task",
    "Mended:",
    "saved by Alice",
    "A handler that is not bound sets outside any task:",
    'contextvars: <ContextVar "user"> is set outside any task.',
    "hello, Carol",
    "Mended:",
    "hello, Dave",
  ]));

Deno.test("examples/gather.ts prints what the documents print", () =>
  prints("gather", [
    "Fetching data for req-123",
    "Fetching data for req-456",
    "Fetching data for req-123",
    "Fetching data for req-456",
  ]));

Deno.test("examples/logging.ts prints what the documents print", () =>
  prints("logging", [
    "[no-trace] INFO starting",
    "[trace-1] INFO charging 10",
    "[trace-2] INFO charging 25",
    "[trace-1] INFO charged",
    "[trace-2] INFO charged",
    "[no-trace] INFO done",
  ]));

Deno.test("examples/memo.ts prints what the documents print", () =>
  prints("memo", [
    "Alice: asking the bank about savings",
    "Bob: asking the bank about salary",
    "Alice: 700 and 700, 1 account cached",
    "Bob: 600 and 600, 1 account cached",
  ]));

Deno.test("examples/middleware.ts prints what the documents print", () =>
  prints("middleware", [
    "req-1: row for req-1, rendered for req-1",
    "req-2: row for req-2, rendered for req-2",
    "req-3: row for req-3, rendered for req-3",
    "Outside: none",
  ]));

Deno.test("examples/mutable_default.ts prints what the documents print", () =>
  prints("mutable_default", [
    `Bob's cart by default: [ "Alice's book", "Bob's pen" ]`,
    `Bob's cart by defaultFactory: [ "Bob's pen" ]`,
  ]));

Deno.test("examples/nested.ts prints what the documents print", () =>
  prints("nested", [
    "Before: path /, role guest",
    "Outer: path /admin, role guest",
    "Inner: path /admin, role admin",
    "Innermost: path /admin/users, role admin",
    "Inner again: path /admin, role admin",
    "Outer again: path /admin, role guest",
    "After: path /, role guest",
  ]));

Deno.test("examples/quickstart.ts prints what the documents print", () =>
  prints("quickstart", [
    "Before tasks: Guest",
    "Task for Alice: Currently handled by Alice",
    "Task for Bob: Currently handled by Bob",
    "Task for Alice: Still handled by Alice",
    "Task for Bob: Still handled by Bob",
    "After tasks: Guest",
  ]));

Deno.test("examples/sessions.ts prints what the documents print", () =>
  prints("sessions", [
    "Processing data for user 1",
    "Processing data for user 2",
    "Logging activity for session Session-1",
    "Logging activity for session Session-2",
    "Processing data for user 1",
    "Processing data for user 2",
    "Logging activity for session Session-1",
    "Logging activity for session Session-2",
    "Outside: user 0, session default",
  ]));

Deno.test("examples/set_get_reset.ts prints what the documents print", () =>
  prints("set_get_reset", [
    "{ guest: true }",
    `{ user: "alice", guest: false }`,
    "{ guest: true }",
    "Working as admin",
    "Working as guest",
    "Working as root",
    "Working as guest",
  ]));

Deno.test("examples/testing.ts prints what the documents print", () =>
  prints("testing", [
    "ok: greeting() greets the current user",
    "ok: greeting() greets a guest where nobody is set",
  ]));

Deno.test("examples/the_problem.ts prints what the documents print", () =>
  prints("the_problem", [
    "Module variable: request of Alice runs as Bob",
    "Module variable: request of Bob runs as Bob",
    "Context variable: request of Alice runs as Alice",
    "Context variable: request of Bob runs as Bob",
  ]));

Deno.test("examples/threads.ts prints what the documents print", () =>
  prints("threads", [
    "Async task: async value",
    "Thread Thread-1: default",
    "Thread Thread-2, with the value: async value",
  ]));

Deno.test("examples/ has no program without a test", async () => {
  const tests = await Deno.readTextFile(new URL(import.meta.url));
  const tested = Array.from(tests.matchAll(/prints\("(\w+)"/g), ([, name]) => name);
  assertEquals(listExamples(), tested);
});
