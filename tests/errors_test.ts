import { assert, assertEquals } from "@std/assert";
import { LookupError, RuntimeError, ValueError } from "@contextvars/contextvars";

Deno.test("LookupError is an Error with its class's name", () => {
  const error = new LookupError("message");
  assert(error instanceof Error && error instanceof LookupError);
  assertEquals([error.name, String(error)], ["LookupError", "LookupError: message"]);
});

Deno.test("ValueError is an Error with its class's name", () => {
  const error = new ValueError("message");
  assert(error instanceof Error && error instanceof ValueError);
  assertEquals([error.name, String(error)], ["ValueError", "ValueError: message"]);
});

Deno.test("RuntimeError is an Error with its class's name", () => {
  const error = new RuntimeError("message");
  assert(error instanceof Error && error instanceof RuntimeError);
  assertEquals([error.name, String(error)], ["RuntimeError", "RuntimeError: message"]);
});

Deno.test("LookupError, ValueError and RuntimeError have no enumerable keys, not even a name", () => {
  const errors = [new LookupError(), new ValueError(), new RuntimeError()];
  const keys = (error: Error) => [error, Object.getPrototypeOf(error)].flatMap(Object.keys);
  assertEquals(errors.map(keys), [[], [], []]);
});

Deno.test("RuntimeError keeps its cause", () => {
  const cause = new RangeError("the reason");
  assertEquals(new RuntimeError("message", { cause }).cause, cause);
});
