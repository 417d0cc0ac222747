import { assertEquals } from "@std/assert";
import * as contextvars from "@contextvars/contextvars";

const OF_ALL_OBJECTS = ["constructor", "toString"];

Deno.test("README's API table has every public name and member", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, table = ""] = readme.match(/^## API\n([^]*?)^## /m) ?? [];
  const members = Object.values(contextvars).flatMap((it) => {
    const prototype = "prototype" in it && !(it.prototype instanceof Error) ? it.prototype : {};
    return [it.name, ...Object.getOwnPropertyNames(prototype)];
  });
  const words = new Set(table.match(/\w+/g));
  assertEquals(members.filter((it) => !words.has(it) && !OF_ALL_OBJECTS.includes(it)), []);
});
