/**
 * Transactions of PGlite, a Postgres, through drizzle: what runs in one is kept or undone together,
 * and nothing else is.
 *
 * An order is two rows, in one transaction. While it is under way, somebody else in the same task
 * writes to the log, outside the transaction: no failure may undo that.
 */

import { ContextVar } from "@contextvars/contextvars";
import { PGlite } from "@electric-sql/pglite";
import { eq } from "drizzle-orm";
import { type PgDatabase, pgTable, text } from "drizzle-orm/pg-core";
import { drizzle, type PgliteQueryResultHKT } from "drizzle-orm/pglite";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const db = drizzle(new PGlite());

type Database = PgDatabase<PgliteQueryResultHKT>;
const current = new ContextVar<Database>("current", { default: db });

function transaction<R>(fn: () => Promise<R>): Promise<R> {
  return current.get().transaction((tx) => current.run(tx, fn));
}

const rows = pgTable("rows", { order: text("order_id") });
const log = pgTable("log", { order: text("order_id") });
await db.execute("create table rows (order_id text)");
await db.execute("create table log (order_id text)");

async function insert(table: typeof rows | typeof log, order: string): Promise<void> {
  await current.get().insert(table).values({ order });
}

/** Returns how an order ends, and how many rows are left of it and in the log. */
async function order(fails: boolean): Promise<string> {
  const id = crypto.randomUUID();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const [{ status }] = await Promise.allSettled([
    transaction(async () => {
      await insert(rows, id);
      begin();
      await turns();
      await transaction(() => insert(rows, id)); // in another: a savepoint
      if (fails) throw new Error("refused");
    }),
    begun.then(() => insert(log, id)),
  ]);
  return [status, ...await Promise.all([rows, log].map((table) => left(table, id)))].join();
}

function left(table: typeof rows | typeof log, order: string): Promise<number> {
  return db.$count(table, eq(table.order, order));
}

await concurrently(async (id) => {
  count(await order(false), "fulfilled,2,1");
  count(await order(true), "rejected,0,1");
  count(requestId.get(), id);
}, 100);
conclude(300);

// wrong, set and reset: (tx) => current.run(tx, fn) ~> (tx) => {\n    const token = current.set(tx);\n    return fn().finally(() => current.reset(token));\n  }
// wrong, not handed on: (tx) => current.run(tx, fn) ~> () => fn()
// wrong, always a transaction of its own: current.get().transaction ~> db.transaction
