/** How the context follows the code: through awaits, callbacks, events and async generators. */

import { assertEquals } from "@std/assert";
import { EventEmitter } from "node:events";
import process from "node:process";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import { deferred, inTask } from "./harness.ts";

inTask("Context follows the code through then, catch and finally", async () => {
  const user = taskUser();
  const seen: string[] = [];
  await Promise.reject(new Error("expected"))
    .catch(() => seen.push(user.get()))
    .then(() => seen.push(user.get()))
    .finally(() => seen.push(user.get()));
  assertEquals(seen, ["alice", "alice", "alice"]);
});

inTask("Context follows the code through a promise that another task resolves", async () => {
  const user = taskUser();
  const { promise, resolve } = deferred();
  const seen = promise.then(() => user.get());
  await createTask(() => {
    user.set("bob");
    resolve();
  });
  await promise;
  assertEquals([user.get(), await seen], ["alice", "alice"]);
});

inTask("Context follows the code into an awaited thenable", async () => {
  const user = taskUser();
  const lazy = { then: (resolve: (name: string) => void) => resolve(user.get()) };
  assertEquals(await lazy, "alice");
  assertEquals(user.get(), "alice");
});

const schedulers: Record<string, (callback: () => void) => void> = {
  setTimeout,
  setInterval: (callback) => {
    const timer = setInterval(() => (clearInterval(timer), callback()), 1);
  },
  setImmediate: (callback) => globalThis.setImmediate(callback),
  queueMicrotask,
  "process.nextTick": (callback) => process.nextTick(callback),
};

for (const [name, schedule] of Object.entries(schedulers)) {
  inTask(`Context follows the code into ${name}`, async () => {
    const user = taskUser();
    const seen = () => new Promise((resolve) => schedule(() => resolve(user.get())));
    const bob = user.run("bob", seen);
    assertEquals([await seen(), await bob], ["alice", "bob"]);
  });
}

inTask("Context follows the code through node:timers/promises", async () => {
  const user = taskUser();
  await sleep(1);
  assertEquals(user.get(), "alice");
  await setImmediate();
  assertEquals(user.get(), "alice");
});

inTask("Context follows the code through a stream", async () => {
  const user = taskUser();
  const seen: string[] = [];
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue("chunk");
      controller.close();
    },
  });
  for await (const _ of stream) seen.push(user.get());
  assertEquals([...seen, user.get()], ["alice", "alice"]);
});

inTask("Context of a task is its timers' too", async () => {
  const user = taskUser();
  await new Promise<void>((resolve) =>
    setTimeout(() => {
      user.set("bob");
      resolve();
    }, 0)
  );
  assertEquals(user.get(), "bob");
});

for (const Target of [EventTarget, EventEmitter]) {
  inTask(`Context.bind() is what a listener of an ${Target.name} needs`, async () => {
    const user = taskUser();
    const target = new Target();
    const listen = "on" in target ? target.on : target.addEventListener;
    const seen: string[] = [];
    Reflect.apply(listen, target, ["ping", () => seen.push(user.get())]);
    Reflect.apply(listen, target, ["ping", copyContext().bind(() => seen.push(user.get()))]);
    await createTask(() => {
      user.set("bob");
      if (target instanceof EventTarget) target.dispatchEvent(new Event("ping"));
      else target.emit("ping");
    });
    assertEquals(seen, ["bob", "alice"]);
  });
}

inTask("Context of each part of an async generator is that of who calls next()", async () => {
  const user = taskUser();
  async function* read(): AsyncGenerator<string> {
    yield user.get();
    await Promise.resolve();
    yield user.get();
  }
  const reader = read();
  const first = await reader.next();
  const second = await createTask(() => {
    user.set("bob");
    return reader.next();
  });
  assertEquals([first.value, second.value, user.get()], ["alice", "bob", "alice"]);
});

/** Makes a variable that is `alice` in the current task. */
function taskUser(): ContextVar<string> {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  return user;
}
