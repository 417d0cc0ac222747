/** GraphQL Yoga. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { contextFor, type MyContext, schema } from "../shared/graphql_schema.ts";

const yoga = createYoga<object, MyContext>({
  schema: createSchema<MyContext>(schema),
  logging: false,
  maskedErrors: false,
  context: ({ request }) => contextFor(request.headers.get("x-user")),
});
createServer(yoga).listen(8000, "127.0.0.1");

// asked for: GraphQL
// by its line: createServer(yoga) ~> createServer(new Context().bind(yoga))
