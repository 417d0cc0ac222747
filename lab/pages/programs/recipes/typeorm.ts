/** Transactions of TypeORM, on a Postgres of PGlite: each order's rows are kept or undone together. */

import "reflect-metadata";
import { ContextVar } from "@contextvars/contextvars";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { DataSource, type EntityManager, EntitySchema } from "typeorm";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const Row = new EntitySchema<{ id: string }>({
  name: "row",
  columns: { id: { type: "text", primary: true } },
});

const server = new PGLiteSocketServer({ db: await PGlite.create(), port: 0 });
await server.start();
const [host = "", port] = server.getServerConn().split(":");
const dataSource = await new DataSource({
  type: "postgres",
  host,
  port: Number(port),
  username: "postgres",
  entities: [Row],
  synchronize: true,
  extra: { max: 1 },
}).initialize();

const current = new ContextVar<EntityManager>("current", { default: dataSource.manager });

function transaction<R>(fn: () => Promise<R>): Promise<R> {
  return current.get().transaction((manager) => current.run(manager, fn));
}

async function order(fails: boolean): Promise<string> {
  const id = crypto.randomUUID();
  const [{ status }] = await Promise.allSettled([transaction(async () => {
    await current.get().insert(Row, { id });
    await turns();
    if (fails) throw new Error("refused");
  })]);
  return `${status}, ${await dataSource.manager.countBy(Row, { id })}`;
}

await concurrently(async (id) => {
  count(await order(false), "fulfilled, 1");
  count(await order(true), "rejected, 0");
  count(requestId.get(), id);
}, 50);
conclude(150);

// wrong, not handed on: (manager) => current.run(manager, fn) ~> () => fn()
