/**
 * Other services: an interceptor of undici sends the id of the task that asks; and chosen variables
 * travel as W3C baggage, which gives the service the tenant and never the user.
 */

import "@contextvars/contextvars/servers";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ContextVar } from "@contextvars/contextvars";
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
} from "@opentelemetry/api";
import { W3CBaggagePropagator } from "@opentelemetry/core";
import { Agent, type Dispatcher, request } from "undici";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const sendId: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch({ ...options, headers: { "x-request-id": requestId.get() } }, handler);

const dispatcher = new Agent({ connections: 2 }).compose(sendId);

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

async function serve({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  setFromBaggage(headers);
  await turns();
  const seen = [headers["x-request-id"] ?? "-", tenant.get("-"), user.get("-")];
  response.end(JSON.stringify(seen));
}

const server = createServer(serve).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
await concurrently(async (id) => {
  const name = id === "-" ? "-" : `Köln, "${id}"; 100 % =`;
  if (name !== "-") tenant.set(name);
  user.set("alice");
  const { body } = await request(url, { dispatcher });
  count(await body.text(), JSON.stringify([id, "-", "-"]));
  const answer = await fetch(url, { headers: baggageHeaders() });
  count(await answer.text(), JSON.stringify(["-", name, "-"]));
  count(requestId.get(), id);
});
conclude(600);

// wrong, not sent: { headers: baggageHeaders() } ~> {}
// wrong, not set: tenant.set(entry.value) ~>
