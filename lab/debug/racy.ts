/** Programs with a race: each sees a wrong value, and debug mode should say so. */

import { EventEmitter } from "node:events";
import { Context } from "@contextvars/contextvars";
import { feed, later, limit, type Program, query, sleep, type Tree, tree } from "./helpers.ts";

export const programs: Record<string, Program> = {
  gather: ({ work }) => Promise.all([work("alice"), work("bob")]),
  gather_set_after_an_await: ({ late }) => Promise.all([late("alice", 3), late("bob", 3)]),

  map_over_users: ({ v, expect }) =>
    Promise.all(["a", "b", "c"].map(async (it) => {
      v.set(it);
      await expect(it);
    })),

  async fetch_helper_with_reset({ v, see, read }) {
    async function withTrace(id: string) {
      using _token = v.set(id);
      see(await read(), id);
    }
    await Promise.all([withTrace("t1"), withTrace("t2")]);
  },

  async return_without_await_in_try({ v, see, read }) {
    function asUser(it: string) {
      const token = v.set(it);
      try {
        return read(); // return await
      } finally {
        v.reset(token);
      }
    }
    see(await asUser("alice"), "alice");
  },

  async using_without_await({ v, see, read }) {
    let pending;
    {
      using _token = v.set("admin");
      pending = read();
    }
    see(await pending, "admin");
  },

  async accept_loop({ work }) {
    const done: Promise<void>[] = [];
    await feed(async (queue) => {
      for await (const it of queue) done.push(work(it, 5));
    });
    await Promise.all(done);
  },

  async accept_loop_that_authenticates({ late }) {
    const done: Promise<void>[] = [];
    await feed(async (queue) => {
      for await (const it of queue) done.push(late(it, 5));
    });
    await Promise.all(done);
  },

  async retry_after_a_timeout({ work }) {
    const first = work(1, 8);
    await Promise.race([first, sleep(3)]);
    const second = work(2, 1);
    await Promise.race([second, sleep(3)]);
    await Promise.all([first, second]);
  },

  async pool_of_two({ work }) {
    const pool = limit(2);
    await Promise.all([1, 2, 3, 4].map((it) => pool(() => work(it, it))));
  },

  async workers_that_share_a_list({ v, see }) {
    const jobs = [1, 2, 3, 4, 5, 6];
    async function worker() {
      for (let it = jobs.shift(); it !== undefined; it = jobs.shift()) {
        v.set(it);
        await sleep(1 + it % 3);
        see(v.get(), it);
      }
    }
    await Promise.all([worker(), worker(), worker()]);
  },

  async reader_beside_an_admin({ v, expect }) {
    async function removeAll() {
      await sleep();
      using _token = v.set("admin");
      await sleep(4);
    }
    await Promise.all([removeAll(), expect(0, 3)]);
  },

  async reader_started_before_its_caller_sets({ v, expect }) {
    const listing = expect(0);
    v.set("admin");
    await listing;
  },

  async audit_not_awaited({ v, expect }) {
    v.set("alice");
    const audited = expect("alice", 3);
    await sleep();
    v.set("system");
    await audited;
  },

  async timers_in_a_loop({ v, see }) {
    for (const it of "abc") {
      v.set(it);
      later(() => see(v.get(), it));
    }
    await sleep(2);
  },

  async queued_jobs_that_read({ v, expect }) {
    const pool = limit(1);
    const jobs: Promise<void>[] = [];
    for (const it of "abc") {
      v.set(it);
      jobs.push(pool(() => expect(it)));
    }
    await Promise.all(jobs);
  },

  async emitter_with_async_listener({ work }) {
    const emitter = new EventEmitter();
    const done: Promise<void>[] = [];
    emitter.on("job", (it) => done.push(work(it)));
    emitter.emit("job", 1);
    emitter.emit("job", 2);
    await Promise.all(done);
  },

  async one_context_run_twice_at_once({ work }) {
    const session = new Context();
    await Promise.all([session.run(work, "a"), session.run(work, "b")]);
  },

  async recursion_in_parallel({ v, see }) {
    async function walk({ level, children }: Tree): Promise<void> {
      using _token = v.set(v.get() + 1);
      await sleep();
      see(v.get(), level);
      await Promise.all(children.map(walk));
    }
    await walk(tree);
  },

  async merged_async_generators({ late }) {
    async function* rows(of: string) {
      yield await late(of);
      yield await late(of);
    }
    async function drain(of: string) {
      for await (const _row of rows(of));
    }
    await Promise.all([drain("a"), drain("b")]);
  },

  async two_transform_streams({ v, expect }) {
    async function copy(of: string) {
      const source = ReadableStream.from([1, 2]);
      v.set(of);
      const copied = source.pipeThrough(new TransformStream({ transform: () => expect(of) }));
      for await (const _chunk of copied);
    }
    await Promise.all([copy("a"), copy("b")]);
  },

  async middleware_without_tasks({ v, see }) {
    async function authenticate(it: string, next: () => Promise<unknown>) {
      await sleep(); // reads the body
      v.set(it);
      return await next();
    }
    async function answer() {
      await sleep(2);
      return v.get();
    }
    const handle = async (it: string) => see(await authenticate(it, answer), it);
    await Promise.all([handle("r1"), handle("r2")]);
  },

  async batched_loader({ v, see }) {
    const batch: ((value: unknown) => void)[] = [];
    const load = () =>
      new Promise((resolve) => {
        if (batch.push(resolve) > 1) return;
        queueMicrotask(() => batch.forEach((resolve) => resolve(v.get())));
      });
    async function resolveField(of: string) {
      v.set(of);
      see(await load(), of);
    }
    await Promise.all([resolveField("a"), resolveField("b")]);
  },

  async query_builder_is_a_thenable({ v, see }) {
    async function work(it: string) {
      v.set(it);
      await query();
      see(v.get(), it);
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async thenable_started_later({ v, see }) {
    async function work(it: string) {
      v.set(it);
      await query(5);
      see(v.get(), it);
    }
    const alice = work("alice");
    await query(1);
    await Promise.all([alice, work("bob")]);
  },

  async await_of_nothing({ v, see }) {
    async function work(it: string) {
      v.set(it);
      await undefined;
      see(v.get(), it);
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async chains_of_then({ v, see }) {
    function work(it: string) {
      v.set(it);
      return sleep().then(() => see(v.get(), it));
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async last_write_wins_for_the_awaiter({ v, see, logIn }) {
    await Promise.all([logIn("alice", 4), logIn("bob", 1)]);
    see(v.get(), "bob"); // as the last in the list
  },

  async node_callbacks({ v, see }) {
    const work = (it: string) =>
      new Promise<void>((resolve) =>
        later(() => {
          v.set(it);
          later(() => resolve(see(v.get(), it)));
        })
      );
    await Promise.all([work("alice"), work("bob")]);
  },

  async report_beside_a_transaction({ v, expect }) {
    async function inTransaction() {
      await sleep(); // begin
      using _token = v.set("tx1");
      await expect("tx1");
    }
    async function report() {
      await expect(0);
      await expect(0);
    }
    await Promise.all([inTransaction(), report()]);
  },

  async second_request_a_moment_later({ work }) {
    const first = work("alice", 5);
    await sleep(1);
    await Promise.all([first, work("bob", 5)]);
  },
};
