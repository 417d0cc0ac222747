/**
 * The load: clients that ask a server on this machine over connections that are kept alive, each
 * request in a random name or in none.
 */

import { cert } from "../../tests/servers/certificate.ts";
import { count, type Counts, NOBODY } from "./programs/shared/count.ts";

/** A request. Its answer has the name of who asks. */
interface Ask {
  /** `NAME` in it is the name, since a web socket sends no headers of ours. */
  readonly path: string;
  readonly json?: unknown;
  readonly body?: BodyInit;
  /** How often the name is in the answer. */
  readonly names?: number;
  /** What is sent over a web socket, or by Socket.IO's polling. */
  readonly sends?: readonly string[];
  /** When the client leaves: before there is an answer, or after its first part. */
  readonly leaves?: "early" | "midway";
}

const LONG = "x".repeat(100_000);
const FORM = new FormData();
FORM.set("file", new File([LONG], "file.txt"));

const USUAL: readonly Ask[] = [
  { path: "/", names: 1 },
  { path: "/error", names: 1 },
  { path: "/", leaves: "early" },
  { path: "/stream", leaves: "midway" },
];
const USUAL_AND_BODY = [...USUAL, { path: "/", json: { text: LONG }, names: 1 }];

/** What can be asked for by name; a path can too, whose answer then need not have the name. */
const ASKS: Readonly<Record<string, readonly Ask[]>> = {
  "usual": USUAL_AND_BODY,
  "usual without a body": USUAL,
  "usual at /hello": USUAL_AND_BODY.map((ask) => ({ ...ask, path: `/hello${ask.path}` })),
  "stream": [{ path: "/stream", names: 3 }],
  "upload": [{ path: "/upload", body: FORM, names: 1 }],
  "raw": [{ path: "/raw", body: LONG, names: 1 }],
  "ws": [{ path: "/?user=NAME", sends: ["1", "2"], names: 2 }],
  "Socket.IO": ["websocket", "polling"].map((transport) => ({
    path: `/socket.io/?EIO=4&transport=${transport}&user=NAME`,
    sends: ["40", '42["ask"]', '42["ask"]'],
    names: 2,
  })),
  "tRPC": [
    { path: '/hello,hello,hello?batch=1&input={"0":"one","1":"two","2":"three"}', names: 3 },
    { path: "/greet", json: LONG, names: 1 },
    { path: "/fail", names: 1 },
    { path: '/hello?input="one"', leaves: "early" },
  ],
  "GraphQL": [
    { path: "/graphql", json: { query: "{ one: hello two: hello }" }, names: 2 },
    { path: "/graphql", json: { query: `mutation { greet(text: "${LONG}") }` }, names: 1 },
    { path: "/graphql", json: { query: "{ fail }" }, names: 1 },
    { path: "/graphql", json: { query: "{ hello }" }, leaves: "early" },
  ],
};

/** For servers with TLS. */
const http = Deno.createHttpClient({ caCerts: [cert] });

const REQUESTS = 2_000;
const CLIENTS = 24;

/** Of the requests, in percent, those that name nobody. */
const ANONYMOUS = 30;

/** Sends all that is asked for, and returns what the answers had. */
export async function load(origin: string, asked: readonly string[]): Promise<Counts> {
  const asks = asked.flatMap((path): readonly Ask[] => ASKS[path] ?? [{ path }]);
  const counts: Counts = {};
  let left = REQUESTS;
  async function client(): Promise<void> {
    while (left-- > 0) {
      const name = Math.random() * 100 < ANONYMOUS ? NOBODY : crypto.randomUUID();
      const ask = asks[left % asks.length]!;
      const names = namesIn(await answerTo(ask, origin, name));
      if (names.length < (ask.names ?? 0)) throw new Error(`no name in the answer of ${ask.path}`);
      names.slice(0, ask.names ?? 0).forEach((read) => count(counts, "answer", read, name));
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return counts;
}

/** Returns the answer; where the client leaves, there is none. */
async function answerTo(ask: Ask, origin: string, name: string): Promise<string> {
  const { path, json, sends, leaves, body = json === undefined ? null : JSON.stringify(json) } =
    ask;
  const url = origin + path.replace("NAME", name === NOBODY ? "" : name);
  if (sends !== undefined) return await (path.includes("polling") ? poll : talk)(url, ask);
  const headers = new Headers(json === undefined ? {} : { "content-type": "application/json" });
  if (name !== NOBODY) headers.set("x-user", name);
  const controller = new AbortController();
  const { signal } = controller;
  const init = { method: body === null ? "GET" : "POST", headers, body, signal, client: http };
  try {
    if (leaves === "early") setTimeout(() => controller.abort(), 1);
    const response = await fetch(url, init);
    if (leaves === undefined) return await response.text();
    await response.body?.getReader().read();
    controller.abort();
  } catch (error) {
    if (leaves === undefined) throw error;
  }
  return "";
}

/** Sends a message after each answer, and waits for as many names as are expected. */
async function talk(url: string, { sends, names }: Ask): Promise<string> {
  const socket = new WebSocket(url.replace("http", "ws"));
  const left = sends!.values();
  const send = () => socket.send(left.next().value ?? "");
  let heard = "";
  await new Promise<void>((resolve, reject) => {
    socket.onopen = send;
    socket.onclose = () => reject(new Error(`${url} was closed`));
    socket.onmessage = ({ data }) => {
      heard += data;
      if (namesIn(heard).length === names) resolve();
      else if (!data.startsWith("0{")) send(); // Socket.IO's greeting
    };
  });
  socket.close();
  return heard;
}

/** The same over Socket.IO's polling, where each message is a request. */
async function poll(url: string, { sends }: Ask): Promise<string> {
  const ask = async (to: string, init?: RequestInit) => await (await fetch(to, init)).text();
  const { sid } = JSON.parse((await ask(url)).slice(1));
  let heard = "";
  for (const body of sends!) {
    await ask(`${url}&sid=${sid}`, { method: "POST", body });
    heard += await ask(`${url}&sid=${sid}`);
  }
  await ask(`${url}&sid=${sid}`, { method: "POST", body: "1" });
  return heard;
}

function namesIn(text: string): string[] {
  return text.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|anonymous/g) ?? [];
}
