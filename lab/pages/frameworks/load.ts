/**
 * The load: clients that ask a server on this machine over connections that are kept alive, each
 * request in a random name or in none.
 */

import type { Ask, Kind } from "./asks.ts";
import { cert } from "../../../tests/servers/certificate.ts";
import { count, type Counts, NOBODY } from "./count.ts";

/** For servers with TLS. */
const client = Deno.createHttpClient({ caCerts: [cert] });

const REQUESTS = 2_000;
const CLIENTS = 24;

/** Of the requests, in percent, those that name nobody. */
const ANONYMOUS = 30;

/** Sends requests of all kinds, and returns what the answers had. */
export async function load(origin: string, kinds: readonly Kind[]): Promise<Counts> {
  const counts: Counts = {};
  let left = REQUESTS;
  async function ask(): Promise<void> {
    while (left-- > 0) {
      const name = Math.random() * 100 < ANONYMOUS ? NOBODY : crypto.randomUUID();
      const asked = kinds[left % kinds.length]!(name);
      const names = await answer(origin, name, asked);
      if (names.length < asked.expected.length) {
        throw new Error(`no name in the answer of ${asked.path}`);
      }
      asked.expected.forEach((expected, i) => count(counts, "answer", names[i]!, expected));
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, ask));
  return counts;
}

/** Returns the names in the answer; where the client leaves, there are none. */
async function answer(origin: string, name: string, ask: Ask): Promise<string[]> {
  if (ask.sends !== undefined) {
    const say = ask.path.includes("transport=polling") ? poll : talk;
    return namesIn(await say(origin + ask.path, ask));
  }
  const headers = new Headers(ask.init?.headers);
  if (name !== NOBODY) headers.set("x-user", name);
  const controller = new AbortController();
  const init = { ...ask.init, headers, signal: controller.signal, client };
  try {
    if (ask.leaves === "early") setTimeout(() => controller.abort(), 1);
    const response = await fetch(origin + ask.path, init);
    if (ask.leaves === undefined) return namesIn(await response.text());
    await response.body?.getReader().read();
    controller.abort();
  } catch (error) {
    if (ask.leaves === undefined) throw error;
  }
  return [];
}

/** Sends a message after each answer, and waits for as many names as are expected. */
async function talk(url: string, { sends, expected }: Ask): Promise<string> {
  const socket = new WebSocket(url.replace("http", "ws"));
  const left = sends!.values();
  const send = () => socket.send(left.next().value ?? "");
  let heard = "";
  await new Promise<void>((resolve, reject) => {
    socket.onopen = send;
    socket.onclose = () => reject(new Error(`${url} was closed`));
    socket.onmessage = ({ data }) => {
      heard += data;
      if (namesIn(heard).length === expected.length) resolve();
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
