/** Programs with a race: each sees a wrong value, and debug mode should say so. */

import { Context } from "@contextvars/contextvars";
import { later, messages, pool, type Program, sleep, walk } from "./helpers.ts";

/** Two calls that wait in one way or another. */
const gather = (wait: () => PromiseLike<void> | undefined): Program => async ({ v, see }) => {
  async function work(it: string) {
    v.set(it);
    await wait();
    see(v.get(), it);
  }
  await Promise.all([work("alice"), work("bob")]);
};

/** What the clients of databases return: it asks when it is awaited. */
const query = { then: (resolve: () => void) => later(resolve) } as PromiseLike<void>;

/** A loop that accepts connections, and does not wait for their work. */
const acceptLoop = (work: "work" | "late"): Program => async (given) => {
  const done: Promise<void>[] = [];
  for await (const it of messages()) done.push(given[work](it, 5));
  await Promise.all(done);
};

export const programs: Record<string, Program> = {
  gather: gather(sleep),
  gather_of_thenables: gather(() => query),
  gather_that_awaits_nothing: gather(() => undefined),
  gather_set_after_an_await: ({ late }) => Promise.all([late("alice", 3), late("bob", 3)]),
  accept_loop: acceptLoop("work"),
  accept_loop_that_authenticates: acceptLoop("late"),
  pool_of_three: pool(3),
  recursion_in_parallel: walk("in parallel"),

  map_over_users: ({ v, expect }) =>
    Promise.all(["a", "b", "c"].map(async (it) => {
      v.set(it);
      await expect(it);
    })),

  async fetch_helper_with_reset({ v, expect }) {
    async function withTrace(id: string) {
      using _token = v.set(id);
      await expect(id);
    }
    await Promise.all([withTrace("t1"), withTrace("t2")]);
  },

  async using_without_await({ v, expect }) {
    let pending;
    {
      using _token = v.set("admin");
      pending = expect("admin");
    }
    await pending;
  },

  async retry_after_a_timeout({ work }) {
    const first = work(1, 8);
    await Promise.race([first, sleep(3)]);
    const second = work(2, 1);
    await Promise.race([second, sleep(3)]);
    await Promise.all([first, second]);
  },

  async second_request_a_moment_later({ work }) {
    const first = work("alice", 5);
    await sleep(1);
    await Promise.all([first, work("bob", 5)]);
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

  async last_write_wins_for_the_awaiter({ v, see }) {
    const logIn = (it: string, ms: number) => sleep(ms).then(() => void v.set(it));
    await Promise.all([logIn("alice", 4), logIn("bob", 1)]);
    see(v.get(), "bob"); // as the last in the list
  },

  async timers_in_a_loop({ v, see }) {
    for (const it of "abc") {
      v.set(it);
      later(() => see(v.get(), it));
    }
    await sleep(2);
  },

  async one_context_run_twice_at_once({ work }) {
    const session = new Context();
    await Promise.all([session.run(work, "a"), session.run(work, "b")]);
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

  async chains_of_then({ v, see }) {
    function work(it: string) {
      v.set(it);
      return sleep().then(() => see(v.get(), it));
    }
    await Promise.all([work("alice"), work("bob")]);
  },
};
