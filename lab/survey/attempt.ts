/**
 * How one case is tried: a callback that a runtime calls later, and who takes part.
 *
 * One task makes the object (a socket, an emitter), one registers the callback, one fires it.
 */

import type { EventEmitter } from "node:events";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { deferred } from "../../tests/deferred.ts";
import { inTime } from "../in_time.ts";

/** Runs a function in some task. */
type Run = <R>(fn: () => R) => R;

/** Has an object closed, or a function called, when the attempt is over; and returns it. */
export type Closing = <T extends object>(it: T) => T;

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
  /** As `fire`; and once the callback was called, in one more such task, for a second call. */
  readonly fireTwice: (fn: () => unknown) => Promise<void>;
  readonly closing: Closing;
}

/** Registers the callback, and sees to it that it is called. */
export type Case = (attempt: Attempt) => unknown;

/** Cases by their names. */
export type Cases = Readonly<Record<string, Case>>;

/** Who makes the object: a task of its own, the one that registers, or one without any value. */
export type Maker = "another" | "registrar" | "empty";

/** In milliseconds: what takes longer is taken to be never called. */
const LIMIT = globalThis.navigator?.userAgent === "Cloudflare-Workers"
  ? 1_000 // a worker cannot listen: all those attempts take as long as they may
  : 10_000;

/** What an object may have for its end. */
const CLOSERS = ["destroy", "terminate", "close", "kill", "disconnect", "shutdown", "stop"];

const NOT_THERE = "not there";

/** Tries a case in one way, and says whose context each counted call saw. */
export function tryCase(case_: Case, maker: Maker, bound = false): Promise<string> {
  // What to say of the task that a call sees. A new variable: what earlier attempts left is nothing.
  const seenBy = new ContextVar<(call: number) => string>("seenBy", { default: () => "nothing" });
  const as = (sees: string): Run => (fn) => seenBy.run(() => sees, fn);
  const firing = (nth: number): Run => (fn) =>
    seenBy.run((call) => `${call === nth ? "" : "the earlier "}dispatcher's`, fn);
  const empty: Run = (fn) => new Context().run(fn);
  const makers: Record<Maker, Run> = { another: as("creator's"), registrar: (fn) => fn(), empty };
  const seen: string[] = [];
  const calls = [deferred(), deferred()];
  let counted = 1;
  const look = (event?: unknown) => {
    if (event instanceof Event) event.preventDefault(); // an error's would end the process
    const call = seen.length;
    seen.push(seenBy.get()(call));
    calls[call]?.resolve();
  };
  return outcomeOf((closing) =>
    as("kept")(async () => {
      await case_({
        callback: bound ? copyContext().bind(look) : look,
        make: makers[maker],
        makeServer: maker === "empty" ? empty : as("server's"),
        fire: firing(0),
        async fireTwice(fn) {
          counted = 2;
          await firing(0)(fn);
          await calls[0]!.promise;
          await firing(1)(fn);
        },
        closing,
      });
      await calls[counted - 1]!.promise;
      return [...new Set(seen.slice(0, counted))].join(", then ");
    })
  );
}

/** Returns what comes of an attempt, if it comes in time; else that it is not there, and why. */
export async function outcomeOf(attempt: (closing: Closing) => Promise<string>): Promise<string> {
  const opened: object[] = [];
  const closing: Closing = (it) => {
    opened.push(it);
    // A socket whose other end has gone complains.
    if ("on" in it) (it as unknown as EventEmitter).on("error", () => {});
    return it;
  };
  try {
    return await inTime(attempt(closing), LIMIT, "it is not called");
  } catch (error) {
    return `${NOT_THERE}: ${error instanceof Error ? error.message : error}`;
  } finally {
    opened.forEach(close);
  }
}

/** Tells whether something could be tried. */
export function isThere(outcome: string): boolean {
  return !outcome.startsWith(NOT_THERE);
}

/** Waits for a turn of the event loop. */
export function pause(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

function close(it: object): void {
  const closer = CLOSERS.find((name) => name in it);
  if (typeof it === "function") it();
  else if (closer !== undefined) Reflect.get(it, closer).call(it);
}
