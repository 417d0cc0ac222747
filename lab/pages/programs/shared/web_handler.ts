/** What the web servers beside this file serve. */

import { begin, bytes, fail, see, user, work } from "./probe.ts";

export async function handler(request: Request): Promise<Response> {
  const name = request.headers.get("x-user");
  begin(name);
  if (request.method === "POST") await request.json();
  const answer = await work(name);
  switch (new URL(request.url).pathname) {
    case "/stream":
      return new Response(bytes("generator", name));
    case "/error":
      return await fail().catch(() => new Response(`sorry, ${user.get()}\n`, { status: 500 }));
    case "/thrown":
      throw new Error(name ?? "");
  }
  return new Response(answer);
}

export function onError(error: unknown): Response {
  see("onError of a server", (error as Error).message);
  return new Response(user.get(), { status: 500 });
}
