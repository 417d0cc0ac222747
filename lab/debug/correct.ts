/** Programs that are right: debug mode should say nothing about races. */

import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter, once } from "node:events";
import process from "node:process";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { deferred } from "../../tests/deferred.ts";
import { feed, Given, later, limit, type Program, sleep, type Tree, tree } from "./helpers.ts";

const cache = new ContextVar("cache", { defaultFactory: () => new Map<string, number>() });

const heartbeatByALoop = (first: unknown[], afterSleep: boolean): Program => async ({ v, see }) => {
  for (const it of first) v.set(it);
  let done = false;
  const heart = (async () => {
    while (!done) {
      await sleep(2);
      see(v.get() > 0, true);
    }
  })();
  for (let i = 1; i <= 5; i++) {
    if (afterSleep) await sleep(2);
    v.set(i);
    if (!afterSleep) await sleep(2);
  }
  done = true;
  await heart;
};

const toldWhen = (first: unknown[]): Program => async ({ v, see }) => {
  for (const it of first) v.set(it);
  const ready = deferred();
  const background = (async () => {
    await ready.promise;
    return v.get();
  })();
  v.set("alice");
  ready.resolve();
  see(await background, "alice");
};

const countingStream = (first: unknown[]): Program => async ({ v, see }) => {
  for (const it of first) v.set(it);
  const transform = async () => {
    await sleep();
    v.set(v.get() + 1);
  };
  const source = ReadableStream.from([1, 2, 3]).pipeThrough(new TransformStream({ transform }));
  for await (const _chunk of source);
  see(v.get(), 3);
};

export const programs: Record<string, Program> = {
  async helpers_that_set_after_their_await({ v, see, late }) {
    v.set("main");
    await late("alice");
    see(v.get(), "alice");
    await late("bob");
    see(v.get(), "bob");
    v.set("main");
    await late("carol");
    await sleep();
    see(v.get(), "carol");
  },

  async helpers_that_set_before_their_await({ v, see, work }) {
    await work("alice");
    see(v.get(), "alice");
    await work("bob");
    see(v.get(), "bob");
  },

  async helper_that_sets_now_or_later({ v, expect }) {
    async function logIn(it: string) {
      if (it !== "alice") await sleep();
      v.set(it);
    }
    for (const it of ["alice", "bob", "alice", "carol"]) {
      await logIn(it);
      await expect(it);
    }
  },

  async promise_kept_and_awaited_later({ v, see, logIn }) {
    const loggingIn = logIn("alice", 2);
    await sleep();
    await loggingIn;
    see(v.get(), "alice");
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

  async middleware_that_sets_for_the_rest({ v, see, expect }) {
    const authenticate = async (next: () => Promise<void>) => {
      await sleep();
      v.set("alice");
      await next();
    };
    await authenticate(() => expect("alice"));
    see(v.get(), "alice");
  },

  async retries({ v, see }) {
    async function ask() {
      await sleep();
      if (v.get() < 3) throw new Error("busy");
    }
    for (let i = 1; i <= 3; i++) {
      v.set(i);
      await ask().catch(() => {});
      see(v.get(), i);
      await sleep();
    }
  },

  async timeout_that_wins({ v, see }) {
    v.set("asking");
    const slow = sleep(5);
    await Promise.race([slow, sleep(1)]);
    see(v.get(), "asking");
    v.set("failed");
    await slow;
    see(v.get(), "failed");
  },

  async pool_of_one({ work }) {
    const pool = limit(1);
    await Promise.all([1, 2, 3].map((it) => pool(() => work(it))));
  },

  async critical_sections({ v, see }) {
    const lock = limit(1);
    async function work(it: string) {
      await sleep();
      await lock(async () => {
        using _token = v.set(it);
        await sleep();
        see(v.get(), it);
      });
    }
    await Promise.all([work("a"), work("b"), work("c")]);
    see(v.get(), 0);
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

  stream_with_a_transform: countingStream([]),
  stream_that_goes_on_counting: countingStream([0]),

  async listener_that_sets_for_the_emitter({ v, see, expect }) {
    const emitter = new EventEmitter();
    emitter.on("login", (it: string) => void v.set(it));
    emitter.emit("login", "alice");
    await expect("alice");
    emitter.emit("login", "bob");
    see(v.get(), "bob");
  },

  async event_awaited({ v, see }) {
    const emitter = new EventEmitter();
    emitter.on("done", (it: string) => void v.set(it));
    v.set("waiting");
    later(() => emitter.emit("done", "ok"));
    await once(emitter, "done");
    see(v.get(), "ok");
  },

  async recursion_in_order({ v, see }) {
    async function walk({ level, children }: Tree): Promise<void> {
      using _token = v.set(v.get() + 1);
      await sleep();
      see(v.get(), level);
      for (const it of children) await walk(it);
      see(v.get(), level);
    }
    await walk(tree);
  },

  async one_context_run_in_turn({ v, see }) {
    const session = new Context();
    async function onMessage() {
      await sleep();
      v.set(v.get() + 1);
      await sleep();
      return v.get();
    }
    see(await session.run(onMessage), 1);
    see(await session.run(onMessage), 2);
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

  heartbeat_by_a_loop: heartbeatByALoop([], false),
  heartbeat_by_a_loop_that_had_a_value: heartbeatByALoop([1], true),

  async timer_set_up_before_the_value({ v, see }) {
    const { promise, resolve } = deferred<string>();
    later(() => resolve(v.get()), 3);
    v.set("alice");
    await sleep();
    see(await promise, "alice");
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

  async bound_listeners({ v, see, expect }) {
    const emitter = new EventEmitter();
    const done: Promise<void>[] = [];
    for (const it of "ab") {
      v.set(it);
      emitter.on("event", copyContext().bind(() => void done.push(expect(it))));
    }
    v.set("main");
    emitter.emit("event");
    await Promise.all(done);
    see(v.get(), "main");
  },

  consumer_that_keeps_its_own: ({ work }) =>
    feed(async (queue) => {
      for await (const it of queue) await work(it);
    }),

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

  told_when_to_go_on: toldWhen([]),
  told_when_the_value_has_changed: toldWhen(["nobody"]),

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

  async batches({ v, expect }) {
    for (let i = 1; i <= 3; i++) {
      v.set(i);
      await Promise.all([expect(i), expect(i)]);
    }
  },

  async counting_data_events({ v, see }) {
    const emitter = new EventEmitter();
    emitter.on("data", (chunk: number) => void v.set(v.get() + chunk));
    v.set(0);
    for (let i = 1; i <= 3; i++) later(() => emitter.emit("data", i), i);
    later(() => emitter.emit("end"), 6);
    await once(emitter, "end");
    see(v.get(), 6);
  },

  async abort_listener({ v, expect }) {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => void v.set("aborted"));
    v.set("running");
    later(() => controller.abort());
    await expect("aborted", 3);
  },

  async chain_of_then({ v, see }) {
    const got = await sleep()
      .then(() => void v.set("alice"))
      .then(() => sleep())
      .then(() => v.get());
    see(got, "alice");
    see(v.get(), "alice");
  },

  async tests_in_turn({ work, expect }) {
    await new Context().run(() => work("alice"));
    await new Context().run(() => expect(0));
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
    const worker = async (queue: AsyncIterable<string>) => {
      for await (const it of queue) {
        await sleep();
        v.set(it);
        answered.resolve();
      }
    };
    let answered = deferred();
    const asking = feed(worker);
    for (const it of "abc") {
      v.set(null);
      answered = deferred();
      await answered.promise;
      see(v.get(), it);
    }
    await asking;
  },

  async spans_in_spans({ v, see }) {
    async function inSpan(name: string, fn: () => Promise<void>): Promise<void> {
      using _token = v.set(`${v.get()}/${name}`);
      await sleep();
      await fn();
    }
    async function log(wanted: unknown): Promise<void> {
      await sleep();
      see(v.get(), wanted);
    }
    const none = v.get();
    async function walk(level: number): Promise<void> {
      const outer = v.get();
      await inSpan("walk", async () => {
        if (level > 0) await walk(level - 1);
        await log(`${outer}/walk`);
      });
      await log(outer);
    }
    await inSpan("a", async () => {
      await inSpan("b", () => log(`${none}/a/b`));
      await log(`${none}/a`);
    });
    await log(none);
    await walk(2);
  },

  async locale_for_a_block({ v, expect }) {
    {
      using _token = v.set("fr");
      await expect("fr");
      {
        using _token = v.set("de");
        await expect("de");
      }
      await expect("fr");
    }
    await expect(0);
  },
};
