/** Queries that start when they are awaited, with drizzle: what a query logs has the id of its call. */

import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { conclude, concurrently, count, requestId } from "../shared/tally.ts";

/** The id in a query's text, and the one that its log line has. */
function logQuery(_query: string, [expected]: unknown[]): void {
  count(requestId.get(), String(expected));
}

const db = drizzle(new PGlite(), { logger: { logQuery } });

const select = (id: string) => db.select({ id: sql`${id}::text` }).from(sql`now()`);

function selectAs(id: string) {
  return requestId.run(id, async () => await select(id));
}

await concurrently(async (id) => {
  await selectAs(`${id}, inner`);
  count(requestId.get(), id);
}, 100);
conclude(200);

// wrong, not awaited inside: async () => await select(id) ~> () => select(id)
