/** Servers under load, half of whose requests name a user. */

import type { AddressInfo, Server } from "node:net";
import { ContextVar } from "@contextvars/contextvars";

/** How often each kind of answer came, such as `anonymous: anonymous`. */
export type Answers = Record<string, number>;

const REQUESTS = 200;

/** The answers where no request sees another's user. */
export const APART: Answers = { "anonymous: anonymous": 100, "named: its own name": 100 };

/** The user that a request sets. */
export const user: ContextVar<string> = new ContextVar("user", { default: "anonymous" });

/** Sets the user if there is a name; returns what it is after an await, or the error's name. */
export async function nameAfterSetting(name: string): Promise<string> {
  try {
    if (name !== "") user.set(name);
    await Promise.resolve();
    return user.get();
  } catch (error) {
    return (error as Error).name;
  }
}

/** Answers a request of `node:http` or `node:http2` with the user that its path names. */
export async function answer(
  { url }: { readonly url?: string | undefined },
  response: { end(text: string): unknown },
): Promise<void> {
  response.end(await nameAfterSetting(url!.slice(1)));
}

/** The name in a web request's path. */
export function nameIn({ url }: { readonly url: string }): string {
  return new URL(url).pathname.slice(1);
}

/** As `answer`, for a web request. */
export async function answerWeb(request: { readonly url: string }): Promise<Response> {
  return new Response(await nameAfterSetting(nameIn(request)));
}

/** Listens while `use` runs. */
export async function serving<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Counts the answers of a server on this machine. */
export function countHttp(port: number): Promise<Answers> {
  return countAnswers(fetching(`http://127.0.0.1:${port}/`));
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
