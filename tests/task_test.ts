import { assertEquals } from "@std/assert";
import { ContextVar, createTask } from "@contextvars/contextvars";
import { test } from "./helpers.ts";

test("createTask() gives each task of a Promise.all what was set at its start", async () => {
  const user = new ContextVar<string>("user");
  user.set("first");
  const one = createTask(() => user.get());
  user.set("second");
  const two = createTask(() => user.get());
  assertEquals(await Promise.all([one, two]), ["first", "second"]);
});
