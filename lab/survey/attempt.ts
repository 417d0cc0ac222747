/**
 * How one case is tried: a callback that a runtime calls later, and who takes part.
 *
 * One task makes the object (a socket, an emitter), one registers the callback, one fires it. Each
 * attempt has values of its own, so that what an earlier one left behind is not taken for them.
 */

import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { deferred } from "../../tests/deferred.ts";
import { inTime } from "../in_time.ts";

/** Runs a function in some task. */
type Run = <R>(fn: () => R) => R;

/** What a case gets to work with. It runs in the task that registers the callback. */
export interface Attempt {
  /** What is to be registered. */
  readonly callback: () => void;
  /** Runs a function in the task that makes the object, and puts it to use. */
  readonly make: Run;
  /** As `make`, for the server of a handler: the handler's task is never the one that made it. */
  readonly makeServer: Run;
  /** Runs a function in the task that fires the callback, and is its other end. */
  readonly fire: Run;
  /** Runs a function in one more such task; then the callback's second call counts too. */
  readonly fireAgain: Run;
  /** Runs a function as `fire` does, and as `fireAgain` does once the callback has been called. */
  readonly fireTwice: (fn: () => unknown) => Promise<void>;
  /** Has a function called when the attempt is over, to close what the case has opened. */
  readonly afterwards: (close: () => unknown) => void;
}

/** Registers the callback, and sees to it that it is called. */
export type Case = (attempt: Attempt) => unknown;

/** Cases by their names. */
export type Cases = Readonly<Record<string, Case>>;

/** How a case is tried. */
export interface Way {
  /** Who makes the object: a task of its own, the one that registers, or one without any value. */
  readonly maker: "another" | "registrar" | "empty";
  /** Whether the callback is bound where it is registered. */
  readonly bound?: boolean;
  /** In milliseconds: what takes longer is taken to be never called. */
  readonly limit: number;
}

/** Whose context each counted call saw; where the case cannot be tried, why. */
export interface Result {
  readonly sees: string;
  readonly why?: string;
}

/** What a task has as its value: which attempt it belongs to, and what to say of who sees it. */
interface Task {
  readonly attempt: object;
  readonly sees: string;
  /** The call that it fires, counted from zero; of no other task. */
  readonly call?: number;
}

const NOT_THERE = "not there";

const task = new ContextVar<Task | undefined>("task", { default: undefined });

/** Tries a case in one way. */
export async function tryCase(case_: Case, { maker, bound = false, limit }: Way): Promise<Result> {
  const attempt = {};
  const registrar = { attempt, sees: "kept" };
  const creator = { attempt, sees: "creator's" };
  const server = { attempt, sees: "server's" };
  const firers = [0, 1].map((call) => ({ attempt, sees: "dispatcher's", call }));
  const seen: string[] = [];
  const calls = [deferred(), deferred()];
  let counted = 1;
  const look = () => {
    const call = seen.length;
    seen.push(wordFor(task.get(), attempt, call));
    calls[call]?.resolve();
  };
  const closers: (() => unknown)[] = [];
  const empty: Run = (fn) => new Context().run(fn);
  const makers: Record<Way["maker"], Run> = {
    another: (fn) => task.run(creator, fn),
    registrar: (fn) => fn(),
    empty,
  };
  const fire: Run = (fn) => task.run(firers[0], fn);
  const fireAgain: Run = (fn) => {
    counted = 2;
    return task.run(firers[1], fn);
  };
  const opened = task.run(registrar, async () => {
    await case_({
      callback: bound ? copyContext().bind(look) : look,
      make: makers[maker],
      makeServer: maker === "empty" ? empty : (fn) => task.run(server, fn),
      fire,
      fireAgain,
      async fireTwice(fn) {
        counted = 2;
        await fire(fn);
        await calls[0]!.promise;
        await fireAgain(fn);
      },
      afterwards: (close) => void closers.push(close),
    });
    await calls[counted - 1]!.promise;
  });
  try {
    await inTime(opened, limit, "the callback is not called");
    const [first, second = first] = seen.slice(0, counted);
    return { sees: first === second ? first! : `${first}, then ${second}` };
  } catch (error) {
    return notThere(error);
  } finally {
    for (const close of closers) close();
  }
}

/** Says that something cannot be tried, and why. */
export function notThere(error: unknown): Result {
  return { sees: NOT_THERE, why: error instanceof Error ? error.message : String(error) };
}

/** Tells whether a case could be tried. */
export function isThere({ sees }: Result): boolean {
  return sees !== NOT_THERE;
}

/** Waits for a turn of the event loop. */
export function pause(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** Imports a module of the runtime; where that fails, its use throws what the import threw. */
export async function load<T extends object>(module: Promise<T>): Promise<T> {
  try {
    return await module;
  } catch (error) {
    return new Proxy({} as T, {
      get(_target, key) {
        if (key === "then") return undefined; // or an await would take it for a promise
        throw error;
      },
    });
  }
}

function wordFor(seen: Task | undefined, attempt: object, call: number): string {
  if (seen === undefined) return "nothing";
  if (seen.attempt !== attempt) return "another's";
  return seen.call === undefined || seen.call === call ? seen.sees : `the earlier ${seen.sees}`;
}
