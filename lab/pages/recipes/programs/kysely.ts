/** Transactions of Kysely, on a Postgres of PGlite: each order's rows are kept or undone together. */

import { ContextVar } from "@contextvars/contextvars";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { conclude, concurrently, count, requestId, turns } from "../tally.ts";

interface Tables {
  readonly rows: { readonly order_id: string };
}

const server = new PGLiteSocketServer({ db: await PGlite.create(), port: 0 });
await server.start();
const [host, port] = server.getServerConn().split(":");
const pool = new pg.Pool({ host, port: Number(port), user: "postgres", max: 1 });

const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

const current = new ContextVar<Kysely<Tables>>("current", { default: db });

function transaction<R>(fn: () => Promise<R>): Promise<R> {
  return db.transaction().execute((tx) => current.run(tx, fn));
}

await db.schema.createTable("rows").addColumn("order_id", "text").execute();

async function order(fails: boolean): Promise<string> {
  const order_id = crypto.randomUUID();
  const [{ status }] = await Promise.allSettled([transaction(async () => {
    await current.get().insertInto("rows").values({ order_id }).execute();
    await turns();
    if (fails) throw new Error("refused");
  })]);
  const rows = await db.selectFrom("rows").selectAll().where("order_id", "=", order_id).execute();
  return `${status}, ${rows.length}`;
}

await concurrently(requestId, async (id) => {
  count(await order(false), "fulfilled, 1");
  count(await order(true), "rejected, 0");
  count(requestId.get(), id);
}, 50);
await db.destroy();
await server.stop();
conclude(150);

// wrong, not handed on: (tx) => current.run(tx, fn) ~> () => fn()
