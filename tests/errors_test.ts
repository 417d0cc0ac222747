import { assert, assertEquals } from "@std/assert";
import { LookupError, RuntimeError, ValueError } from "@contextvars/contextvars";

for (const Class of [LookupError, ValueError, RuntimeError]) {
  Deno.test(`${Class.name} is an Error with its class's name`, () => {
    const error = new Class("message");
    assert(error instanceof Error && error instanceof Class);
    assertEquals([error.name, String(error)], [Class.name, `${Class.name}: message`]);
  });
}

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
