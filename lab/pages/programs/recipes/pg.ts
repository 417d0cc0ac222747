/** pg, on a Postgres of PGlite: a query's callback, and what awaits a query, run as who has asked. */

import { copyContext } from "@contextvars/contextvars";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import pg from "pg";
import { conclude, concurrently, count, requestId } from "../shared/tally.ts";

const server = new PGLiteSocketServer({ db: await PGlite.create(), port: 0 });
await server.start();
const [host, port] = server.getServerConn().split(":");
const connection = { host, port: Number(port), user: "postgres", database: "postgres" };

const pool = new pg.Pool({ ...connection, max: 1 });

type Callback = (error: Error | undefined, result: pg.QueryResult) => void;

function query(sql: string, values: unknown[], callback: Callback): void {
  pool.query(sql, values, copyContext().bind(callback));
}

await concurrently(async (id) => {
  await new Promise<void>((resolve) => {
    query("select $1 as id", [id], (_error, result) => {
      count(requestId.get(), id);
      count(result.rows[0].id, id);
      resolve();
    });
  });
  await pool.query("select 1");
  count(requestId.get(), id);
});
conclude(600);

// wrong, not bound: copyContext().bind(callback) ~> callback
