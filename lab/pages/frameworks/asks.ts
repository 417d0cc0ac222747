/** What the servers are asked. */

import { NOBODY } from "./count.ts";

/** A request, and the names that its answer must have, in their order. */
export interface Ask {
  readonly path: string;
  readonly init?: RequestInit;
  readonly expected: readonly string[];
  /** What is sent over a web socket, which the path then opens. */
  readonly sends?: readonly string[];
  /** When the client leaves: before there is an answer, or after its first part. */
  readonly leaves?: "early" | "midway";
}

/** Makes a request of one kind for a name. */
export type Kind = (name: string) => Ask;

const LONG = "x".repeat(100_000);

/** What every server with paths is asked: to answer, read and fail; and it is left. */
export const USUAL: readonly Kind[] = [
  (name) => ({ path: "/", expected: [name] }),
  (name) => ({ path: "/", init: json({ text: LONG }), expected: [name] }),
  (name) => ({ path: "/error", expected: [name] }),
  () => ({ path: "/", leaves: "early", expected: [] }),
  () => ({ path: "/stream", leaves: "midway", expected: [] }),
];

/** Asks for a body that comes in parts. */
export const STREAM: Kind = (name) => ({ path: "/stream", expected: [name, name, name] });

/** Sends messages over a socket, and expects an answer to each. */
export const SOCKETS: Readonly<Record<"ws" | "socketIo" | "polling", Kind>> = {
  ws: (name) => ({ path: `/?${userOf(name)}`, sends: ["1", "2"], expected: [name, name] }),
  socketIo: (name) => ({
    path: `/socket.io/?EIO=4&transport=websocket&${userOf(name)}`,
    sends: ["40", '42["ask"]', '42["ask"]'],
    expected: [name, name],
  }),
  polling: (name) => ({
    path: `/socket.io/?EIO=4&transport=polling&${userOf(name)}`,
    sends: ["40", '42["ask"]', '42["ask"]'],
    expected: [name, name],
  }),
};

/** What a tRPC server is asked: three siblings in a batch, a mutation, a failure; and it is left. */
export const TRPC: readonly Kind[] = [
  (name) => {
    const titles = siblings();
    const input = encodeURIComponent(JSON.stringify({ ...titles }));
    return {
      path: `/hello,hello,hello?batch=1&input=${input}`,
      expected: titles.flatMap((title) => [title, name]),
    };
  },
  (name) => ({ path: "/greet", init: json(LONG), expected: [name] }),
  (name) => ({ path: "/fail", expected: [name] }),
  () => ({ path: `/hello?input=%22${crypto.randomUUID()}%22`, leaves: "early", expected: [] }),
];

/** The same for a GraphQL server. */
export const GRAPHQL: readonly Kind[] = [
  (name) => {
    const titles = siblings();
    const fields = titles.map((title, i) => `sibling${i}: hello(title: "${title}")`);
    return graphql(`{ ${fields.join(" ")} }`, titles.flatMap((title) => [title, name]));
  },
  (name) => graphql(`mutation { greet(text: "${LONG}") }`, [name]),
  (name) => graphql("{ fail }", [name]),
  () => ({ ...graphql(`{ hello(title: "${crypto.randomUUID()}") }`, []), leaves: "early" }),
];

/** Asks for a path whose answer need not have the name: the program counts. */
export function asking(path: string): Kind {
  return () => ({ path, expected: [] });
}

/** Sends a form with a file. */
export const UPLOAD: Kind = (name) => {
  const body = new FormData();
  body.set("file", new File([LONG], "file.txt"));
  return { path: "/upload", init: { method: "POST", body }, expected: [name] };
};

/** Sends a text. */
export function posting(path: string): Kind {
  return (name) => ({ path, init: { method: "POST", body: LONG }, expected: [name] });
}

/** The name in a query, since a web socket sends no headers of ours. */
function userOf(name: string): string {
  return name === NOBODY ? "" : `user=${name}`;
}

function siblings(): string[] {
  return Array.from({ length: 3 }, () => crypto.randomUUID());
}

function graphql(query: string, expected: readonly string[]): Ask {
  return { path: "/graphql", init: json({ query }), expected };
}

function json(value: unknown): RequestInit {
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(value) };
}
