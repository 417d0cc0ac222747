/** GraphQL Yoga, with a dataloader: docs/frameworks.md has the lines to copy. */

import { createServer } from "node:http";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import DataLoader from "dataloader";
import { createSchema, createYoga } from "graphql-yoga";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);
const title = new ContextVar<string>("title");
const seeTitle = countReads(title);

interface MyContext {
  name: string | null;
  greetings: DataLoader<string, string>;
}

async function hello(text: string, context: MyContext): Promise<string> {
  const { name } = context;
  see("resolver", name);
  seeHelped(name);
  title.set(text);
  await pause();
  see("resolver, after an await", name);
  seeTitle("what a sibling has set", text);
  return await context.greetings.load(title.get());
}

async function loadGreetings(titles: readonly string[]): Promise<string[]> {
  await pause();
  return titles.map((title) => `hello, ${title} ${user.get()}`);
}

const schema = createSchema<MyContext>({
  typeDefs: `
    type Query { hello(title: String!): String! }
    extend type Query { fail: String! }
    type Mutation { greet(text: String!): String! }
  `,
  resolvers: {
    Query: {
      hello: (_parent, args, context) => createTask(hello, args.title, context),
      fail: async () => {
        await pause();
        throw new Error(`sorry, ${user.get()}`);
      },
    },
    Mutation: {
      greet: async (_parent, _args, { name }) => {
        await pause();
        see("mutation", name);
        return `hello, ${user.get()}`;
      },
    },
  },
});

const yoga = createYoga<object, MyContext>({
  schema,
  logging: false,
  maskedErrors: false,
  async context({ request }) {
    const name = request.headers.get("x-user");
    see("context", null);
    if (name !== null) user.set(name);
    await pause(name);
    return {
      name,
      greetings: new DataLoader(loadGreetings),
    };
  },
});

createServer(copyContext().bind(yoga)).listen(8000, "127.0.0.1");
