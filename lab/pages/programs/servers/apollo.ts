/** Apollo Server, standalone. */

import "@contextvars/contextvars/servers";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { contextFor, type MyContext, schema } from "../shared/graphql_schema.ts";

await startStandaloneServer(new ApolloServer<MyContext>(schema), {
  listen: { host: "127.0.0.1", port: 8000 },
  context: ({ req }) => contextFor(req.headers["x-user"]),
});

// asked for: GraphQL
