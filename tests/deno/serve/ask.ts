/** Servers of Deno.serve for serve_test.ts and its programs. */

// deno-lint-ignore-file contextvars/unbound-listener -- on purpose

import { ContextVar } from "@contextvars/contextvars";

export const user: ContextVar<string> = new ContextVar("user", { default: "anonymous" });

/** Sets the user that a request names, if it does, and answers with the user after an await. */
export async function handler({ url }: Request): Promise<Response> {
  const name = new URL(url).pathname.slice(1);
  if (name !== "") user.set(name);
  await Promise.resolve();
  return new Response(user.get());
}

/** Serves, and returns the answers to requests that name these users, one after the other. */
export async function ask(handler: Deno.ServeHandler, ...names: string[]): Promise<string[]> {
  const onError = (error: unknown) => new Response(`${(error as Error).name}, ${user.get()}`);
  const options = { hostname: "127.0.0.1", port: 0, onListen() {}, onError };
  await using server = Deno.serve(options, handler);
  const answers = [];
  for (const name of names) {
    const response = await fetch(`http://127.0.0.1:${server.addr.port}/${name}`);
    answers.push(await response.text());
  }
  return answers;
}
