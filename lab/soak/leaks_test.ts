/** What nothing can reach any more is collected, and sets outside tasks form no chain. */

import { assert, assertEquals } from "@std/assert";
import { Context, ContextVar } from "@contextvars/contextvars";
import { collectGarbage } from "../../tests/collect_garbage.ts";

const variable = new ContextVar<object>("variable");
const other = new ContextVar<object>("other");
const held = new Context();

/** Has an object as a value, and lets go of it; may return what shall be held. */
const uses: Record<string, (value: object) => unknown> = {
  "that another one has replaced": (value) =>
    held.run(() => {
      variable.set(value);
      variable.set({});
    }),
  "of a context that was dropped": (value) => new Context().run(() => void variable.set(value)),
  "of a bound call": (value) => held.bind(() => void variable.set(value))(),
  "beside another one, whose used token is held": (value) =>
    new Context().run(() => {
      variable.set(value);
      const token = other.set({});
      other.reset(token);
      return token;
    }),
  "that another one has replaced outside tasks": (value) => {
    variable.set(value);
    variable.set({});
  },
  "of a context that is held": (value) => held.run(() => void variable.set(value)),
};

Deno.test("A value is collected when nothing can reach it any more", async () => {
  const used = await Promise.all(
    Object.entries(uses).map(async ([which, use]) => {
      const value = {};
      return { which, ref: new WeakRef(value), held: await use(value) };
    }),
  );
  await collectGarbage();
  const kept = used.filter(({ ref }) => ref.deref() !== undefined);
  assertEquals(kept.map(({ which }) => which), ["of a context that is held"]);
});

Deno.test("ContextVar.set() and reset() again and again outside tasks take no memory", async () => {
  const times = 200_000;
  let older = variable.set({});
  await collectGarbage();
  const before = Deno.memoryUsage().heapUsed;
  for (let i = 0; i < times; i++) variable.set({});
  for (let i = 0; i < times; i++) variable.reset(variable.set({}));
  for (let i = 0; i < times; i++) {
    const token = variable.set({});
    variable.reset(older);
    older = token;
  }
  await collectGarbage();
  const grown = Deno.memoryUsage().heapUsed - before;
  assert(grown < 10 * times, `${grown} bytes more`); // a setting that is kept takes more than fifty
});
