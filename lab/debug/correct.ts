/** Programs that are right: debug mode should say nothing about races. */

import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { deferred } from "../../tests/deferred.ts";
import { Given, later, messages, pool, type Program, sleep, walk } from "./helpers.ts";

const cache = new ContextVar("cache", { defaultFactory: () => new Map<string, number>() });

export const programs: Record<string, Program> = {
  pool_of_one: pool(1),
  recursion_in_order: walk("in turn"),

  async consumer_that_keeps_its_own({ work }) {
    for await (const it of messages()) await work(it);
  },

  async helper_that_sets_now_or_later({ v, expect }) {
    async function logIn(it: string) {
      if (it !== "alice") await sleep();
      v.set(it);
    }
    for (const it of ["alice", "bob", "alice", "carol", "dave"]) {
      await logIn(it);
      await expect(it);
    }
  },

  async loop_over_users({ v, expect }) {
    for (const it of "abc") {
      v.set(it);
      await expect(it);
    }
  },

  async onion_of_middleware({ v, see }) {
    const layer = (part: string, next: () => Promise<void>) => async () => {
      const path = `${v.get()}${part}`;
      using _token = v.set(path);
      await sleep();
      await next();
      await sleep();
      see(v.get(), path);
    };
    const app = layer("a", layer("b", layer("c", () => sleep())));
    await app();
    see(v.get(), 0);
    await app();
  },

  async generator_and_consumer_take_turns({ v, see }) {
    async function* rows() {
      for (let i = 1; i <= 3; i++) {
        await sleep();
        v.set(i);
        yield i;
        see(v.get(), i * 10);
      }
    }
    for await (const it of rows()) {
      see(v.get(), it);
      v.set(it * 10);
      await sleep();
    }
  },

  async generator_with_using_closed_early({ v, see, expect }) {
    async function* rows() {
      using _token = v.set("query");
      yield await sleep();
      yield await sleep();
    }
    for await (const _row of rows()) {
      await expect("query");
      break;
    }
    see(v.get(), 0);
  },

  async stream_that_goes_on_counting({ v, see }) {
    v.set(0);
    const transform = async () => {
      await sleep();
      v.set(v.get() + 1);
    };
    const source = ReadableStream.from([1, 2, 3]).pipeThrough(new TransformStream({ transform }));
    for await (const _chunk of source);
    see(v.get(), 3);
  },

  async one_context_run_in_turn({ v, expect }) {
    const session = new Context();
    async function onMessage(count: number) {
      await sleep();
      v.set(v.get() + 1);
      await expect(count);
    }
    await session.run(onMessage, 1);
    await session.run(onMessage, 2);
  },

  async cache_made_by_whoever_asks_first({ see }) {
    async function load(key: string, ms: number) {
      await sleep(ms);
      cache.get().set(key, ms);
      await sleep(2);
      see(cache.get().has(key), true);
    }
    await Promise.all([load("a", 2), load("b", 1)]);
    see(cache.get().size, 2);
  },

  async heartbeat_by_a_timer({ v, see }) {
    v.set(0);
    let done = false;
    function beat(): void {
      see(v.get() > 0, true);
      if (!done) later(beat, 2);
    }
    later(beat, 2);
    for (let i = 1; i <= 5; i++) {
      v.set(i);
      await sleep(2);
    }
    done = true;
  },

  async heartbeat_by_a_loop({ v, see }) {
    v.set(1);
    let done = false;
    const heart = (async () => {
      while (!done) {
        await sleep(2);
        see(v.get() > 0, true);
      }
    })();
    for (let i = 1; i <= 5; i++) {
      await sleep(2);
      v.set(i);
    }
    done = true;
    await heart;
  },

  async readers_in_parallel({ v, expect }) {
    v.set("alice");
    await Promise.all([expect("alice", 1), expect("alice", 2), expect("alice", 1)]);
    v.set("bob");
    await expect("bob");
  },

  async loaders_of_different_variables({ v, see, late }) {
    const other = new Given();
    await Promise.all([late("alice", 2), other.late("acme")]);
    see(`${v.get()} of ${other.v.get()}`, "alice of acme");
  },

  async bound_handler({ work }) {
    const handler = copyContext().bind(work);
    await Promise.all([handler("a"), handler("b")]);
  },

  async inside_another_storage({ v, see, work, expect }) {
    const span = new AsyncLocalStorage<string>();
    v.set("nobody");
    await span.run("span", () => work("alice"));
    await expect("alice");
    span.run("span", () => void v.set("bob"));
    see(v.get(), "bob");
    await expect("bob");
    span.run("span", () => void v.set("carol"));
    await undefined;
    see(v.get(), "carol");
  },

  async told_when_the_value_has_changed({ v, see }) {
    v.set("nobody");
    const ready = deferred();
    const background = (async () => {
      await ready.promise;
      return v.get();
    })();
    v.set("alice");
    ready.resolve();
    see(await background, "alice");
  },

  async callback_made_a_promise({ v, see }) {
    v.set("asking");
    for (const schedule of [later, queueMicrotask, process.nextTick]) {
      await new Promise<void>((resolve) =>
        schedule(() => {
          v.set("answered");
          resolve();
        })
      );
      see(v.get(), "answered");
      v.set("again");
    }
  },

  async stream_that_the_consumer_steers({ v, see }) {
    v.set(1);
    let left = 3;
    const source = new ReadableStream<number>({
      async pull(controller) {
        await sleep();
        if (left-- > 0) controller.enqueue(v.get());
        else controller.close();
      },
    }, { highWaterMark: 0 });
    let wanted = 1;
    for await (const got of source) {
      see(got, wanted);
      v.set(++wanted);
    }
  },

  async variable_as_a_mailbox({ v, see }) {
    let answered = deferred();
    const worker = (async () => {
      for await (const it of messages()) {
        await sleep();
        v.set(it);
        answered.resolve();
      }
    })();
    for (const it of "abc") {
      v.set(null);
      answered = deferred();
      await answered.promise;
      see(v.get(), it);
    }
    await worker;
  },

  async spans_in_spans({ v, expect }) {
    async function inSpan(name: string, fn: () => Promise<void>): Promise<void> {
      using _token = v.set(`${v.get()}/${name}`);
      await sleep();
      await fn();
    }
    async function walk(level: number): Promise<void> {
      const outer = v.get();
      await inSpan("walk", async () => {
        if (level > 0) await walk(level - 1);
        await expect(`${outer}/walk`);
      });
      await expect(outer);
    }
    await inSpan("a", async () => {
      await inSpan("b", () => expect("0/a/b"));
      await expect("0/a");
    });
    await expect(0);
    await walk(2);
  },
};
