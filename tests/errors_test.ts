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

Deno.test("LookupError, ValueError and RuntimeError have their name where other errors do", () => {
  const errors = [new LookupError(), new ValueError(), new RuntimeError()];
  assertEquals(errors.map(Object.keys), [[], [], []]);
  const hidden = { writable: true, enumerable: false, configurable: true };
  const names = errors.map((error) => Object.getPrototypeOf(error))
    .map((prototype) => Object.getOwnPropertyDescriptor(prototype, "name"));
  assertEquals(names, [
    { value: "LookupError", ...hidden },
    { value: "ValueError", ...hidden },
    { value: "RuntimeError", ...hidden },
  ]);
});

Deno.test("RuntimeError keeps its cause", () => {
  const cause = new RangeError("the reason");
  assertEquals(new RuntimeError("message", { cause }).cause, cause);
});
