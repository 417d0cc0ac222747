/**
 * GraphQL: the resolvers of a query run at once, each as a task of its own; and a batch of
 * dataloader sees its request, and nothing of the resolvers that have asked for it.
 */

import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import DataLoader from "dataloader";
import { graphql, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const role = new ContextVar("role", { default: "-" });

type Loader = DataLoader<string, string>;

/** Returns the names with the request in which the batch ran. */
async function loadUsers(names: readonly string[]): Promise<string[]> {
  await turns();
  count(role.get(), "-");
  return names.map((name) => `${name} of ${requestId.get()}`);
}

function makeLoader(): Loader {
  return new DataLoader(copyContext().bind(loadUsers));
}

async function resolveUser(_: unknown, { name }: { name: string }, users: Loader): Promise<string> {
  role.set(`${name}'s role`);
  const user = await users.load(name);
  return `${user} has ${role.get()}`;
}

const resolve = (...args: Parameters<typeof resolveUser>) => createTask(resolveUser, ...args);

const user = { type: GraphQLString, args: { name: { type: GraphQLString } }, resolve };

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { user } }),
});
await concurrently(async (id) => {
  const source = '{ a: user(name: "alice") b: user(name: "bob") }';
  const { data } = await graphql({ schema, source, contextValue: makeLoader() });
  count(data?.a, `alice of ${id} has alice's role`);
  count(data?.b, `bob of ${id} has bob's role`);
  count(requestId.get(), id);
});
conclude(800);

// wrong, no task for a resolver: createTask(resolveUser, ...args) ~> resolveUser(...args)
// wrong, batch not bound: copyContext().bind(loadUsers) ~> loadUsers
