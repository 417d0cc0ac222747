/** Servers on loopback, which end with an attempt, and what is asked of them. */

import type { AddressInfo, Server } from "node:net";
import type { Attempt } from "./attempt.ts";

/** Who closes the server. */
export type Owner = Pick<Attempt, "closing">;

declare const Bun: {
  serve(options: { port: number; fetch: () => Response }): { port: number; stop(): void };
};

/** Has a server of Node.js listen. */
export async function listening<S extends Server>({ closing }: Owner, server: S): Promise<S> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return closing(server);
}

/** Serves by Deno.serve. */
export function denoServe({ closing }: Owner, handler: Deno.ServeHandler, more = {}): string {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {}, ...more };
  return `http://127.0.0.1:${closing(Deno.serve(options, handler)).addr.port}/`;
}

/** Serves by Bun.serve. */
export function bunServe({ closing }: Owner, fetch: () => Response): string {
  return `http://127.0.0.1:${closing(Bun.serve({ port: 0, fetch })).port}/`;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export function urlOf(server: Server): string {
  return `http://127.0.0.1:${portOf(server)}/`;
}

/** Sends a request, and returns the whole answer. */
export async function get(url: string): Promise<string> {
  return await (await fetch(url)).text();
}
