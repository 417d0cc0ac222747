/** A schema. Fields of a query are resolved side by side: each that sets something is a task. */

import DataLoader from "dataloader";
import { ContextVar, createTask } from "@contextvars/contextvars";
import { begin, countReads, hello, type Name, pause, see, user, work } from "../../probe.ts";

const title = new ContextVar<string>("title");
const seeTitle = countReads(title);

export interface MyContext {
  name: Name;
  greetings: DataLoader<string, string>;
}

async function resolve(text: string, context: MyContext): Promise<string> {
  title.set(text);
  await work(context.name);
  seeTitle("what a sibling has set", text);
  return await context.greetings.load(title.get());
}

async function loadGreetings(titles: readonly string[]): Promise<string[]> {
  await pause();
  return titles.map((title) => `hello, ${title} ${user.get()}`);
}

/** Makes what each request's resolvers get. */
export async function contextFor(name: Name): Promise<MyContext> {
  begin(name);
  await pause(name);
  return {
    name,
    greetings: new DataLoader(loadGreetings),
  };
}

export const schema = {
  typeDefs: `
    type Query { hello(title: String!): String! fail: String! }
    type Mutation { greet(text: String!): String! }
  `,
  resolvers: {
    Query: {
      hello: (_parent: unknown, args: { title: string }, context: MyContext) =>
        createTask(resolve, args.title, context),
      fail: async (_parent: unknown, _args: unknown, { name }: MyContext) => {
        await pause();
        see("resolver that fails", name);
        throw new Error(`sorry, ${user.get()}`);
      },
    },
    Mutation: {
      greet: async (_parent: unknown, _args: unknown, { name }: MyContext) => {
        await pause();
        return hello("mutation", name);
      },
    },
  },
};
