/** Programs with a race: each sees a wrong value, and debug mode should say so. */

// deno-lint-ignore-file contextvars/concurrent-set contextvars/return-await contextvars/unbound-listener contextvars/variable-in-function -- on purpose

import { EventEmitter } from "node:events";
import { Context, ContextVar } from "@contextvars/contextvars";
import { deferred } from "../deferred.ts";
import { later, limit, type Program, Queue, sleep } from "./helpers.ts";

const user = () => new ContextVar("user", { default: "nobody" });

export const programs: Record<string, Program> = {
  async gather(seen) {
    const name = user();
    async function work(it: string) {
      name.set(it);
      await sleep();
      seen.expect(name.get(), it);
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async gather_set_after_an_await(seen) {
    const name = user();
    async function work(it: string) {
      await sleep(); // asks who it is
      name.set(it);
      await sleep(3);
      seen.expect(name.get(), it);
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async map_over_users(seen) {
    const name = user();
    const send = async (it: string) => {
      await sleep();
      seen.expect(name.get(), it);
    };
    await Promise.all(["a", "b", "c"].map(async (it) => {
      name.set(it);
      await send(it);
    }));
  },

  async fetch_helper_with_reset(seen) {
    const trace = new ContextVar("trace", { default: "none" });
    async function withTrace<T>(id: string, fn: () => Promise<T>): Promise<T> {
      const token = trace.set(id);
      try {
        return await fn();
      } finally {
        trace.reset(token);
      }
    }
    async function fetchJson() {
      await sleep();
      return trace.get();
    }
    const got = await Promise.all([withTrace("t1", fetchJson), withTrace("t2", fetchJson)]);
    got.forEach((it, index) => seen.expect(it, `t${index + 1}`));
  },

  async return_without_await_in_try(seen) {
    const name = user();
    function asUser<T>(it: string, fn: () => Promise<T>): Promise<T> {
      const token = name.set(it);
      try {
        return fn(); // return await
      } finally {
        name.reset(token);
      }
    }
    const handler = async () => {
      await sleep();
      return name.get();
    };
    seen.expect(await asUser("alice", handler), "alice");
  },

  async using_without_await(seen) {
    const role = new ContextVar("role", { default: "user" });
    const removeAll = async () => {
      await sleep();
      return role.get();
    };
    let pending;
    {
      using _token = role.set("admin");
      pending = removeAll();
    }
    seen.expect(await pending, "admin");
  },

  async accept_loop(seen) {
    const id = new ContextVar("id", { default: 0 });
    const queue = new Queue<number>();
    const done: Promise<void>[] = [];
    async function handle(message: number) {
      id.set(message);
      await sleep(5);
      seen.expect(id.get(), message);
    }
    async function serve() {
      for await (const message of queue) done.push(handle(message));
    }
    const serving = serve();
    for (let i = 1; i <= 3; i++) {
      queue.push(i);
      await sleep();
    }
    queue.close();
    await serving;
    await Promise.all(done);
  },

  async accept_loop_that_authenticates(seen) {
    const name = user();
    const queue = new Queue<string>();
    const done: Promise<void>[] = [];
    async function handle(message: string) {
      await sleep(); // authenticates
      name.set(message);
      await sleep(5);
      seen.expect(name.get(), message);
    }
    const serving = (async () => {
      for await (const message of queue) done.push(handle(message));
    })();
    for (const it of ["a", "b", "c"]) {
      queue.push(it);
      await sleep();
    }
    queue.close();
    await serving;
    await Promise.all(done);
  },

  async retry_after_a_timeout(seen) {
    const attempt = new ContextVar("attempt", { default: 0 });
    const all: Promise<void>[] = [];
    async function ask(number: number, ms: number) {
      attempt.set(number);
      await sleep(ms);
      seen.expect(attempt.get(), number);
    }
    for (const [number, ms] of [[1, 8], [2, 1]] as const) {
      const asking = ask(number, ms);
      all.push(asking);
      await Promise.race([asking, sleep(3)]);
    }
    await Promise.all(all);
  },

  async pool_of_two(seen) {
    const job = new ContextVar("job", { default: 0 });
    const pool = limit(2);
    await Promise.all([1, 2, 3, 4].map((it) =>
      pool(async () => {
        job.set(it);
        await sleep(it);
        seen.expect(job.get(), it);
      })
    ));
  },

  async workers_that_share_a_list(seen) {
    const job = new ContextVar("job", { default: 0 });
    const jobs = [1, 2, 3, 4, 5, 6];
    async function worker() {
      for (let it = jobs.shift(); it !== undefined; it = jobs.shift()) {
        job.set(it);
        await sleep(1 + it % 3);
        seen.expect(job.get(), it);
      }
    }
    await Promise.all([worker(), worker(), worker()]);
  },

  async reader_beside_an_admin(seen) {
    const role = new ContextVar("role", { default: "user" });
    async function removeAll() {
      await sleep();
      const token = role.set("admin");
      try {
        await sleep(4);
      } finally {
        role.reset(token);
      }
    }
    async function list() {
      await sleep(3);
      seen.expect(role.get(), "user");
    }
    await Promise.all([removeAll(), list()]);
  },

  async reader_started_before_its_caller_sets(seen) {
    const role = new ContextVar("role", { default: "user" });
    async function list() {
      await sleep();
      seen.expect(role.get(), "user");
    }
    const listing = list();
    role.set("admin");
    await listing;
  },

  async audit_not_awaited(seen) {
    const name = user();
    async function audit(what: string, by: string) {
      await sleep(3); // writes
      seen.expect(`${what} ${name.get()}`, `${what} ${by}`);
    }
    name.set("alice");
    const audited = audit("login", "alice");
    await sleep();
    name.set("system");
    await audited;
  },

  async timers_in_a_loop(seen) {
    const name = user();
    const sent: Promise<void>[] = [];
    for (const it of ["a", "b", "c"]) {
      name.set(it);
      const { promise, resolve } = deferred();
      later(() => {
        seen.expect(name.get(), it);
        resolve();
      }, 1);
      sent.push(promise);
    }
    await Promise.all(sent);
  },

  async queued_jobs_that_read(seen) {
    const name = user();
    const pool = limit(1);
    const jobs: Promise<void>[] = [];
    for (const it of ["a", "b", "c"]) {
      name.set(it);
      jobs.push(pool(async () => {
        await sleep();
        seen.expect(name.get(), it);
      }));
    }
    await Promise.all(jobs);
  },

  async emitter_with_async_listener(seen) {
    const id = new ContextVar("id", { default: 0 });
    const emitter = new EventEmitter();
    const done: Promise<void>[] = [];
    emitter.on("job", (it: number) =>
      done.push((async () => {
        id.set(it);
        await sleep();
        seen.expect(id.get(), it);
      })()));
    emitter.emit("job", 1);
    emitter.emit("job", 2);
    await Promise.all(done);
  },

  async one_context_run_twice_at_once(seen) {
    const name = user();
    const session = new Context();
    async function onMessage(it: string) {
      name.set(it);
      await sleep();
      seen.expect(name.get(), it);
    }
    await Promise.all([session.run(onMessage, "a"), session.run(onMessage, "b")]);
  },

  async recursion_in_parallel(seen) {
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
        await Promise.all(children.map(walk));
      } finally {
        depth.reset(token);
      }
    }
    await walk(tree);
  },

  async merged_async_generators(seen) {
    const source = new ContextVar("source", { default: "none" });
    async function* rows(of: string) {
      source.set(of);
      for (let i = 0; i < 2; i++) {
        await sleep();
        seen.expect(source.get(), of);
        yield i;
      }
    }
    async function drain(of: string) {
      for await (const _row of rows(of));
    }
    await Promise.all([drain("a"), drain("b")]);
  },

  async two_transform_streams(seen) {
    const file = new ContextVar("file", { default: "none" });
    async function copy(of: string) {
      const source = new ReadableStream<number>({
        start(controller) {
          controller.enqueue(1);
          controller.enqueue(2);
          controller.close();
        },
      });
      file.set(of);
      const mapped = source.pipeThrough(
        new TransformStream<number, number>({
          async transform(chunk, controller) {
            await sleep();
            seen.expect(file.get(), of);
            controller.enqueue(chunk);
          },
        }),
      );
      for await (const _chunk of mapped);
    }
    await Promise.all([copy("a"), copy("b")]);
  },

  async middleware_without_tasks(seen) {
    const id = new ContextVar("id", { default: "none" });
    type Next = () => Promise<string>;
    const compose = (...layers: ((next: Next) => Promise<string>)[]): Next =>
      layers.reduceRight<Next>((next, layer) => () => layer(next), () => Promise.resolve(""));
    async function handle(it: string) {
      const app = compose(
        async (next) => {
          await sleep(); // reads the body
          id.set(it);
          return await next();
        },
        async (next) => {
          await sleep(2);
          await next();
          return id.get();
        },
      );
      seen.expect(await app(), it);
    }
    await Promise.all([handle("r1"), handle("r2")]);
  },

  async batched_loader(seen) {
    const tenant = new ContextVar("tenant", { default: "none" });
    let batch: { key: string; resolve: (value: string) => void }[] = [];
    function load(key: string): Promise<string> {
      return new Promise((resolve) => {
        if (batch.length === 0) {
          queueMicrotask(() => {
            const keys = batch;
            batch = [];
            for (const { key, resolve } of keys) resolve(`${key} of ${tenant.get()}`);
          });
        }
        batch.push({ key, resolve });
      });
    }
    async function resolveField(of: string) {
      tenant.set(of);
      seen.expect(await load("k"), `k of ${of}`);
    }
    await Promise.all([resolveField("a"), resolveField("b")]);
  },

  async query_builder_is_a_thenable(seen) {
    const name = user();
    const query = () => ({
      then(resolve: (rows: number[]) => void) {
        later(() => resolve([1]), 1);
      },
    });
    async function work(it: string) {
      name.set(it);
      await query();
      seen.expect(name.get(), it);
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async thenable_started_later(seen) {
    const name = user();
    const query = (ms: number) => ({
      then(resolve: (rows: number[]) => void) {
        later(() => resolve([1]), ms);
      },
    });
    async function work(it: string) {
      name.set(it);
      await query(5);
      seen.expect(name.get(), it);
    }
    const alice = work("alice");
    await query(1);
    await Promise.all([alice, work("bob")]);
  },

  async await_of_nothing(seen) {
    const name = user();
    async function work(it: string) {
      name.set(it);
      await undefined;
      seen.expect(name.get(), it);
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async chains_of_then(seen) {
    const name = user();
    function work(it: string) {
      name.set(it);
      return sleep().then(() => seen.expect(name.get(), it));
    }
    await Promise.all([work("alice"), work("bob")]);
  },

  async last_write_wins_for_the_awaiter(seen) {
    const name = user();
    async function logIn(it: string, ms: number) {
      await sleep(ms);
      name.set(it);
    }
    await Promise.all([logIn("alice", 4), logIn("bob", 1)]);
    seen.expect(name.get(), "bob"); // as the last in the list
  },

  async node_callbacks(seen) {
    const name = user();
    function lookUp(it: string, callback: (row: string) => void) {
      later(() => callback(it), 1);
    }
    const work = (it: string) =>
      new Promise<void>((resolve) => {
        lookUp(it, (row) => {
          name.set(row);
          lookUp("more", () => {
            seen.expect(name.get(), it);
            resolve();
          });
        });
      });
    await Promise.all([work("alice"), work("bob")]);
  },

  async report_beside_a_transaction(seen) {
    const transaction = new ContextVar<string | null>("transaction", { default: null });
    const query = async (sql: string) => {
      await sleep();
      return `${sql} in ${transaction.get()}`;
    };
    async function inTransaction<T>(fn: () => Promise<T>): Promise<T> {
      await sleep(); // begin
      using _token = transaction.set("tx1");
      return await fn();
    }
    async function report() {
      seen.expect(await query("select"), "select in null");
      seen.expect(await query("select"), "select in null");
    }
    await Promise.all([inTransaction(() => query("update")), report()]);
  },

  async second_request_a_moment_later(seen) {
    const name = user();
    async function handle(it: string) {
      name.set(it);
      await sleep(5);
      seen.expect(name.get(), it);
    }
    const first = handle("alice");
    await sleep(1);
    await Promise.all([first, handle("bob")]);
  },
};
