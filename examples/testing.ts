// testing: each test runs in a context of its own, and a fixture sets values for it
// deno test -P examples/testing.ts

import { assertEquals } from "@std/assert";
import { beforeEach, describe, it } from "@std/testing/bdd";
import { spy } from "@std/testing/mock";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";

const currentUser = new ContextVar("current_user", { default: "guest" });

function greeting(): string {
  return `Hello, ${currentUser.get()}`;
}

Deno.test("greeting() greets the current user", () =>
  new Context().run(async () => {
    currentUser.set("Alice");
    await Promise.resolve();
    assertEquals(greeting(), "Hello, Alice");
  }));

Deno.test("greeting() greets a guest, though the test before has set a user", () =>
  new Context().run(() => {
    assertEquals(greeting(), "Hello, guest");
  }));

Deno.test("a value for a part of a test", () => {
  assertEquals(currentUser.run("Bob", greeting), "Hello, Bob");
});

Deno.test("a spy records the context of each call", () => {
  const send = spy(copyContext);
  currentUser.run("Carol", send);
  assertEquals(send.calls[0]?.returned?.get(currentUser), "Carol");
});

describe("with a fixture", () => {
  let context: Context;

  beforeEach(() => {
    context = new Context();
    return context.run(async () => {
      await Promise.resolve(); // the database
      currentUser.set("Dave");
    });
  });

  it("greets the fixture's user", () =>
    context.run(() => {
      assertEquals(greeting(), "Hello, Dave");
    }));
});

// Prints:
// running 5 tests from ./examples/testing.ts
// greeting() greets the current user ... ok
// greeting() greets a guest, though the test before has set a user ... ok
// a value for a part of a test ... ok
// a spy records the context of each call ... ok
// with a fixture ...
//   greets the fixture's user ... ok
// with a fixture ... ok
//
// ok | 5 passed (1 step) | 0 failed
//
