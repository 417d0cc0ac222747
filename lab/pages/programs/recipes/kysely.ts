/** Transactions of Kysely, on PGlite, a Postgres: each order's rows are kept or undone together. */

import { ContextVar } from "@contextvars/contextvars";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

interface Tables {
  readonly rows: { readonly id: string };
}

const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
const current = new ContextVar<Kysely<Tables>>("current", { default: db });

function transaction<R>(fn: () => Promise<R>): Promise<R> {
  return db.transaction().execute((tx) => current.run(tx, fn));
}

await db.schema.createTable("rows").addColumn("id", "text").execute();

async function order(fails: boolean): Promise<string> {
  const id = crypto.randomUUID();
  const [{ status }] = await Promise.allSettled([transaction(async () => {
    await current.get().insertInto("rows").values({ id }).execute();
    await turns();
    if (fails) throw new Error("refused");
  })]);
  const rows = await db.selectFrom("rows").selectAll().where("id", "=", id).execute();
  return `${status}, ${rows.length}`;
}

await concurrently(async (id) => {
  count(await order(false), "fulfilled, 1");
  count(await order(true), "rejected, 0");
  count(requestId.get(), id);
}, 50);
conclude(150);

// wrong, not handed on: (tx) => current.run(tx, fn) ~> () => fn()
