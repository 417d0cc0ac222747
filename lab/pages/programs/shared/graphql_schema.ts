/** A schema, which servers beside it serve. */

import { begin, hello, type Name, pause, see, user, work } from "./probe.ts";

export interface MyContext {
  readonly name: Name;
}

/** Makes what each request's resolvers get. */
export async function contextFor(name: Name): Promise<MyContext> {
  begin(name);
  await pause(name);
  return { name };
}

export const schema = {
  typeDefs: `
    type Query { hello: String! fail: String! }
    type Mutation { greet(text: String!): String! }
  `,
  resolvers: {
    Query: {
      hello: (_parent: unknown, _args: unknown, { name }: MyContext) => work(name),
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
