/** A server of node:http under load, which half of the requests name a user to. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ContextVar } from "@contextvars/contextvars";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** How often each kind of answer came, such as `anonymous: anonymous`. */
export type Answers = Record<string, number>;

const REQUESTS = 200;

/** Serves with a handler that sets `user`, prepared as `prepare` says, and counts its answers. */
export async function answersOf(
  user: ContextVar<string>,
  prepare: (handler: Handler) => Handler,
): Promise<Answers> {
  const { createServer } = await import("node:http"); // workerd has it only since later dates
  const server = createServer(prepare(async ({ url }, response) => {
    response.end(await nameAfterSetting(user, url!.slice(1)));
  }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await countAnswers(fetching(`http://127.0.0.1:${port}/`));
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Sets the user if there is a name; returns what it is after an await, or the error's name. */
export async function nameAfterSetting(user: ContextVar<string>, name: string): Promise<string> {
  try {
    if (name !== "") user.set(name);
    await Promise.resolve();
    return user.get();
  } catch (error) {
    return (error as Error).name;
  }
}

/** Makes a function that gets a URL's answer to a name. */
export function fetching(url: string): (name: string) => Promise<string> {
  return async (name) => await (await fetch(url + name)).text();
}

/** Asks all at once, every second time as a user of its own. */
export async function countAnswers(get: (name: string) => Promise<string>): Promise<Answers> {
  const answers: Answers = {};
  const ask = async (name: string) => {
    const answer = await get(name);
    const kind = name === ""
      ? `anonymous: ${answer}`
      : `named: ${answer.replace(name, "its own name")}`;
    answers[kind] = (answers[kind] ?? 0) + 1;
  };
  const names = Array.from(
    { length: REQUESTS },
    (_, index) => index % 2 === 0 ? "" : `user-${index}`,
  );
  await Promise.all(names.map(ask));
  return answers;
}
