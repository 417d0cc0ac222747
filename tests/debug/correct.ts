/** Programs that are right: debug mode should say nothing about races. */

// deno-lint-ignore-file contextvars/variable-in-function -- each program has its own

import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter, once } from "node:events";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { deferred } from "../deferred.ts";
import { later, limit, type Program, Queue, sleep } from "./helpers.ts";

const user = () => new ContextVar("user", { default: "nobody" });

export const programs: Record<string, Program> = {
  async helpers_that_set_after_their_await(seen) {
    const name = user();
    async function logIn(it: string) {
      await sleep();
      name.set(it);
      await sleep();
      seen.expect(name.get(), it);
    }
    name.set("main");
    await logIn("alice");
    seen.expect(name.get(), "alice");
    await logIn("bob");
    seen.expect(name.get(), "bob");
    name.set("main");
    await logIn("carol");
    await sleep();
    seen.expect(name.get(), "carol");
  },

  async helpers_that_set_before_their_await(seen) {
    const name = user();
    async function logIn(it: string) {
      name.set(it);
      await sleep();
      seen.expect(name.get(), it);
    }
    await logIn("alice");
    seen.expect(name.get(), "alice");
    await logIn("bob");
    seen.expect(name.get(), "bob");
  },

  async helper_that_sets_now_or_later(seen) {
    const name = user();
    const cache = new Set(["alice"]);
    async function logIn(it: string) {
      if (!cache.has(it)) await sleep();
      name.set(it);
    }
    for (const it of ["alice", "bob", "alice", "carol"]) {
      await logIn(it);
      await sleep();
      seen.expect(name.get(), it);
    }
  },

  async promise_kept_and_awaited_later(seen) {
    const name = user();
    async function logIn(it: string) {
      await sleep(2);
      name.set(it);
    }
    const loggingIn = logIn("alice");
    await sleep();
    await loggingIn;
    seen.expect(name.get(), "alice");
  },

  async loop_over_users(seen) {
    const name = user();
    const send = async () => {
      await sleep();
      return name.get();
    };
    for (const it of ["a", "b", "c"]) {
      name.set(it);
      seen.expect(await send(), it);
    }
  },

  async onion_of_middleware(seen) {
    const path = new ContextVar("path", { default: "/" });
    type Next = () => Promise<void>;
    const layer = (part: string) => async (next: Next) => {
      const before = path.get();
      const token = path.set(`${before}${part}`);
      try {
        await sleep();
        await next();
        await sleep();
        seen.expect(path.get(), `${before}${part}`);
      } finally {
        path.reset(token);
      }
    };
    const layers = [layer("a"), layer("b"), layer("c")];
    const app = layers.reduceRight<Next>((next, it) => () => it(next), async () => {
      await sleep();
      seen.expect(path.get(), "/abc");
    });
    await app();
    seen.expect(path.get(), "/");
    await app();
  },

  async middleware_that_sets_for_the_rest(seen) {
    const name = user();
    type Next = () => Promise<void>;
    const authenticate = async (next: Next) => {
      await sleep();
      name.set("alice");
      await next();
    };
    const handler = async () => {
      await sleep();
      seen.expect(name.get(), "alice");
    };
    await authenticate(handler);
    seen.expect(name.get(), "alice");
  },

  async retries(seen) {
    const attempt = new ContextVar("attempt", { default: 0 });
    async function ask() {
      await sleep();
      if (attempt.get() < 3) throw new Error("busy");
      return attempt.get();
    }
    for (let i = 1;; i++) {
      attempt.set(i);
      try {
        seen.expect(await ask(), 3);
        break;
      } catch {
        seen.expect(attempt.get(), i);
        await sleep();
      }
    }
  },

  async timeout_that_wins(seen) {
    const state = new ContextVar("state", { default: "new" });
    state.set("asking");
    const slow = sleep(5).then(() => "late");
    const answer = await Promise.race([slow, sleep(1).then(() => "timeout")]);
    seen.expect(answer, "timeout");
    seen.expect(state.get(), "asking");
    state.set("failed");
    await slow;
    seen.expect(state.get(), "failed");
  },

  async pool_of_one(seen) {
    const job = new ContextVar("job", { default: 0 });
    const pool = limit(1);
    await Promise.all([1, 2, 3].map((it) =>
      pool(async () => {
        job.set(it);
        await sleep();
        seen.expect(job.get(), it);
      })
    ));
  },

  async critical_sections(seen) {
    const holder = new ContextVar("holder", { default: "nobody" });
    const lock = limit(1);
    async function work(it: string) {
      await sleep();
      await lock(async () => {
        const token = holder.set(it);
        try {
          await sleep();
          seen.expect(holder.get(), it);
        } finally {
          holder.reset(token);
        }
      });
    }
    await Promise.all([work("a"), work("b"), work("c")]);
    seen.expect(holder.get(), "nobody");
  },

  async generator_and_consumer_take_turns(seen) {
    const row = new ContextVar("row", { default: 0 });
    async function* rows() {
      for (let i = 1; i <= 3; i++) {
        await sleep();
        row.set(i);
        yield i;
        seen.expect(row.get(), i * 10);
      }
    }
    for await (const it of rows()) {
      seen.expect(row.get(), it);
      row.set(it * 10);
      await sleep();
    }
  },

  async generator_with_using_closed_early(seen) {
    const span = new ContextVar("span", { default: "none" });
    async function* rows() {
      using _token = span.set("query");
      await sleep();
      yield 1;
      await sleep();
      yield 2;
    }
    for await (const _row of rows()) {
      seen.expect(span.get(), "query");
      await sleep();
      break;
    }
    seen.expect(span.get(), "none");
  },

  async stream_with_a_transform(seen) {
    const chunks = new ContextVar("chunks", { default: 0 });
    const source = ReadableStream.from([1, 2, 3]).pipeThrough(
      new TransformStream<number, number>({
        async transform(chunk, controller) {
          await sleep();
          chunks.set(chunks.get() + 1);
          controller.enqueue(chunk);
        },
      }),
    );
    let count = 0;
    for await (const _chunk of source) count++;
    seen.expect(chunks.get(), count);
  },

  async listener_that_sets_for_the_emitter(seen) {
    const name = user();
    const emitter = new EventEmitter();
    emitter.on("login", (it: string) => void name.set(it));
    emitter.emit("login", "alice");
    await sleep();
    seen.expect(name.get(), "alice");
    emitter.emit("login", "bob");
    seen.expect(name.get(), "bob");
  },

  async event_awaited(seen) {
    const status = new ContextVar("status", { default: "none" });
    const emitter = new EventEmitter();
    emitter.on("done", (it: string) => void status.set(it));
    status.set("waiting");
    later(() => emitter.emit("done", "ok"), 1);
    await once(emitter, "done");
    seen.expect(status.get(), "ok");
  },

  async recursion_in_order(seen) {
    const depth = new ContextVar("depth", { default: 0 });
    interface Tree {
      level: number;
      children: Tree[];
    }
    const leaf = { level: 3, children: [] };
    const tree: Tree = {
      level: 1,
      children: [{ level: 2, children: [leaf] }, { level: 2, children: [leaf, leaf] }],
    };
    async function walk({ level, children }: Tree): Promise<void> {
      const token = depth.set(depth.get() + 1);
      try {
        await sleep();
        seen.expect(depth.get(), level);
        for (const it of children) await walk(it);
        seen.expect(depth.get(), level);
      } finally {
        depth.reset(token);
      }
    }
    await walk(tree);
  },

  async one_context_run_in_turn(seen) {
    const count = new ContextVar("count", { default: 0 });
    const session = new Context();
    async function onMessage() {
      await sleep();
      count.set(count.get() + 1);
      await sleep();
      return count.get();
    }
    seen.expect(await session.run(onMessage), 1);
    seen.expect(await session.run(onMessage), 2);
  },

  async cache_made_by_whoever_asks_first(seen) {
    const cache = new ContextVar("cache", { defaultFactory: () => new Map<string, number>() });
    async function load(key: string, ms: number) {
      await sleep(ms);
      cache.get().set(key, ms);
      await sleep(2);
      return cache.get().has(key);
    }
    const got = await Promise.all([load("a", 2), load("b", 1)]);
    seen.expect(got.join(), "true,true");
    seen.expect(cache.get().size, 2);
  },

  async heartbeat_by_a_timer(seen) {
    const progress = new ContextVar("progress", { default: 0 });
    progress.set(0);
    const beats: number[] = [];
    let done = false;
    function beat(): void {
      beats.push(progress.get());
      if (!done) later(beat, 2);
    }
    later(beat, 2);
    for (let i = 1; i <= 5; i++) {
      progress.set(i);
      await sleep(2);
    }
    done = true;
    seen.expect(beats.length > 0 && beats.every((it) => it > 0), true);
  },

  async heartbeat_by_a_loop(seen) {
    const progress = new ContextVar("progress", { default: 0 });
    let done = false;
    const beats: number[] = [];
    const heart = (async () => {
      while (!done) {
        await sleep(2);
        beats.push(progress.get());
      }
    })();
    for (let i = 1; i <= 5; i++) {
      progress.set(i);
      await sleep(2);
    }
    done = true;
    await heart;
    seen.expect(beats.length > 0 && beats.every((it) => it > 0), true);
  },

  async timer_set_up_before_the_value(seen) {
    const name = user();
    const { promise, resolve } = deferred<string>();
    later(() => resolve(name.get()), 3);
    name.set("alice");
    await sleep();
    seen.expect(await promise, "alice");
  },

  async readers_in_parallel(seen) {
    const name = user();
    const read = async (ms: number) => {
      await sleep(ms);
      return name.get();
    };
    name.set("alice");
    const got = await Promise.all([read(1), read(2), read(1)]);
    got.forEach((it) => seen.expect(it, "alice"));
    name.set("bob");
    seen.expect(await read(1), "bob");
  },

  async loaders_of_different_variables(seen) {
    const name = user();
    const tenant = new ContextVar("tenant", { default: "none" });
    async function loadUser() {
      await sleep(2);
      name.set("alice");
      await sleep();
      return name.get();
    }
    async function loadTenant() {
      await sleep(1);
      tenant.set("acme");
      await sleep();
      return tenant.get();
    }
    await Promise.all([loadUser(), loadTenant()]);
    seen.expect(`${name.get()} of ${tenant.get()}`, "alice of acme");
  },

  async bound_handler(seen) {
    const name = user();
    const handler = copyContext().bind(async (it: string) => {
      name.set(it);
      await sleep();
      seen.expect(name.get(), it);
    });
    await Promise.all([handler("a"), handler("b")]);
  },

  async bound_listeners(seen) {
    const name = user();
    const emitter = new EventEmitter();
    const done: Promise<void>[] = [];
    const listen = (it: string) => {
      name.set(it);
      emitter.on(
        "event",
        copyContext().bind(() => {
          done.push((async () => {
            await sleep();
            seen.expect(name.get(), it);
          })());
        }),
      );
    };
    listen("a");
    listen("b");
    name.set("main");
    emitter.emit("event");
    await Promise.all(done);
    seen.expect(name.get(), "main");
  },

  async consumer_that_keeps_its_own(seen) {
    const job = new ContextVar("job", { default: 0 });
    const queue = new Queue<number>();
    const consuming = (async () => {
      for await (const it of queue) {
        job.set(it);
        await sleep();
        seen.expect(job.get(), it);
      }
    })();
    for (let i = 1; i <= 3; i++) {
      queue.push(i);
      await sleep();
    }
    queue.close();
    await consuming;
  },

  async inside_another_storage(seen) {
    const name = user();
    const span = new AsyncLocalStorage<string>();
    name.set("nobody");
    await span.run("span", async () => {
      name.set("alice");
      await sleep();
      seen.expect(name.get(), "alice");
    });
    await sleep();
    seen.expect(name.get(), "alice");
    span.run("span", () => void name.set("bob"));
    seen.expect(name.get(), "bob");
    await sleep();
    seen.expect(name.get(), "bob");
    span.run("span", () => void name.set("carol"));
    await undefined;
    seen.expect(name.get(), "carol");
  },

  async told_when_to_go_on(seen) {
    const name = user();
    const ready = deferred();
    const background = (async () => {
      await ready.promise;
      return name.get();
    })();
    name.set("alice");
    ready.resolve();
    seen.expect(await background, "alice");
  },

  async callback_made_a_promise(seen) {
    const state = new ContextVar("state", { default: "none" });
    state.set("asking");
    await new Promise<void>((resolve) =>
      later(() => {
        state.set("answered");
        resolve();
      })
    );
    seen.expect(state.get(), "answered");
    state.set("again");
    await new Promise<void>((resolve) =>
      queueMicrotask(() => {
        state.set("microtask");
        resolve();
      })
    );
    seen.expect(state.get(), "microtask");
    await new Promise<void>((resolve) =>
      process.nextTick(() => {
        state.set("tick");
        resolve();
      })
    );
    seen.expect(state.get(), "tick");
  },

  async batches(seen) {
    const batch = new ContextVar("batch", { default: 0 });
    const read = async () => {
      await sleep();
      return batch.get();
    };
    for (let i = 1; i <= 3; i++) {
      batch.set(i);
      const got = await Promise.all([read(), read()]);
      seen.expect(got.join(), `${i},${i}`);
    }
  },

  async counting_data_events(seen) {
    const bytes = new ContextVar("bytes", { default: 0 });
    const emitter = new EventEmitter();
    emitter.on("data", (chunk: number) => void bytes.set(bytes.get() + chunk));
    bytes.set(0);
    for (let i = 1; i <= 3; i++) later(() => emitter.emit("data", i), i);
    later(() => emitter.emit("end"), 6);
    await once(emitter, "end");
    seen.expect(bytes.get(), 6);
  },

  async abort_listener(seen) {
    const reason = new ContextVar("reason", { default: "none" });
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => void reason.set("aborted"));
    reason.set("running");
    later(() => controller.abort(), 1);
    await sleep(3);
    seen.expect(reason.get(), "aborted");
  },

  async chain_of_then(seen) {
    const name = user();
    const got = await sleep()
      .then(() => void name.set("alice"))
      .then(() => sleep())
      .then(() => name.get());
    seen.expect(got, "alice");
    seen.expect(name.get(), "alice");
  },

  async tests_in_turn(seen) {
    const name = user();
    const tests = [
      async () => {
        name.set("alice");
        await sleep();
        seen.expect(name.get(), "alice");
      },
      async () => {
        await sleep();
        seen.expect(name.get(), "nobody");
      },
    ];
    for (const test of tests) await new Context().run(test);
  },

  async stream_that_goes_on_counting(seen) {
    const chunks = new ContextVar("chunks", { default: 0 });
    chunks.set(0);
    const source = ReadableStream.from([1, 2, 3]).pipeThrough(
      new TransformStream<number, number>({
        async transform(chunk, controller) {
          await sleep();
          chunks.set(chunks.get() + 1);
          controller.enqueue(chunk);
        },
      }),
    );
    let count = 0;
    for await (const _chunk of source) count++;
    seen.expect(chunks.get(), count);
  },

  async stream_that_the_consumer_steers(seen) {
    const size = new ContextVar("size", { default: 1 });
    size.set(1);
    let left = 3;
    const source = new ReadableStream<number>({
      async pull(controller) {
        await sleep();
        if (left-- > 0) controller.enqueue(size.get());
        else controller.close();
      },
    }, { highWaterMark: 0 });
    let wanted = 1;
    for await (const got of source) {
      seen.expect(got, wanted);
      size.set(++wanted);
    }
  },

  async told_when_the_value_has_changed(seen) {
    const name = user();
    name.set("nobody");
    const ready = deferred();
    const background = (async () => {
      await ready.promise;
      return name.get();
    })();
    name.set("alice");
    ready.resolve();
    seen.expect(await background, "alice");
  },

  async variable_as_a_mailbox(seen) {
    const answer = new ContextVar<number | null>("answer", { default: null });
    const questions = new Queue<{ number: number; done: () => void }>();
    const worker = (async () => {
      for await (const { number, done } of questions) {
        await sleep();
        answer.set(number * 2);
        done();
      }
    })();
    for (const number of [1, 2]) {
      answer.set(null);
      const { promise, resolve } = deferred();
      questions.push({ number, done: resolve });
      await promise;
      seen.expect(answer.get(), number * 2);
    }
    questions.close();
    await worker;
  },

  async heartbeat_by_a_loop_that_had_a_value(seen) {
    const progress = new ContextVar("progress", { default: 0 });
    progress.set(1);
    let done = false;
    const beats: number[] = [];
    const heart = (async () => {
      while (!done) {
        await sleep(2);
        beats.push(progress.get());
      }
    })();
    for (let i = 1; i <= 5; i++) {
      await sleep(2);
      progress.set(i);
    }
    done = true;
    await heart;
    seen.expect(beats.length > 0 && beats.every((it) => it > 0), true);
  },

  async locale_for_a_block(seen) {
    const locale = new ContextVar("locale", { default: "en" });
    const render = async (it: string) => {
      await sleep();
      return `${it} in ${locale.get()}`;
    };
    {
      using _token = locale.set("fr");
      seen.expect(await render("a"), "a in fr");
      {
        using _token = locale.set("de");
        seen.expect(await render("b"), "b in de");
      }
      seen.expect(await render("c"), "c in fr");
    }
    seen.expect(await render("d"), "d in en");
  },
};
