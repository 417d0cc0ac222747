/**
 * Other services: chosen variables travel as W3C baggage. The front server takes a tenant and a user
 * from a request, and asks the back server, which gets the tenant and never the user.
 */

import "@contextvars/contextvars/servers";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { ContextVar } from "@contextvars/contextvars";
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
} from "@opentelemetry/api";
import { W3CBaggagePropagator } from "@opentelemetry/core";
import { conclude, concurrently, count, turns } from "../tally.ts";

const tenant = new ContextVar<string>("tenant");
const user = new ContextVar<string>("user");

const propagator = new W3CBaggagePropagator();

function baggageHeaders(): Record<string, string> {
  const headers = {};
  const value = tenant.get(undefined);
  const baggage = propagation.createBaggage(value === undefined ? {} : { tenant: { value } });
  propagator.inject(propagation.setBaggage(ROOT_CONTEXT, baggage), headers, defaultTextMapSetter);
  return headers;
}

function setFromBaggage(headers: object): void {
  const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const entry = propagation.getBaggage(context)?.getEntry("tenant");
  if (entry !== undefined) tenant.set(entry.value);
}

async function front(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = new URL(request.url!, backUrl).searchParams.get("tenant")!;
  if (name !== "-") tenant.set(name);
  user.set("alice");
  await turns();
  const answer = await fetch(backUrl, { headers: baggageHeaders() });
  response.end(await answer.text());
}

async function back(request: IncomingMessage, response: ServerResponse): Promise<void> {
  setFromBaggage(request.headers);
  await turns();
  response.end(JSON.stringify([tenant.get("-"), user.get("-")]));
}

async function serve(handler: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const { server: backServer, url: backUrl } = await serve(back);
const { server: frontServer, url: frontUrl } = await serve(front);
const requestId = new ContextVar("requestId", { default: "-" });
await concurrently(requestId, async (id) => {
  const name = id === "-" ? "-" : `Köln, "${id}"; 100 % =`;
  const answer = await fetch(`${frontUrl}?tenant=${encodeURIComponent(name)}`);
  const [tenantThere, userThere] = await answer.json();
  count(tenantThere, name);
  count(userThere, "-");
});
frontServer.close();
backServer.close();
conclude(400);

// wrong, not sent: { headers: baggageHeaders() } ~> {}
// wrong, not set: tenant.set(entry.value) ~>
