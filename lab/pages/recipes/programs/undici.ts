/** undici: an interceptor sends the id of the task that asks, and the answer finds it there. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ContextVar } from "@contextvars/contextvars";
import { Agent, type Dispatcher, request } from "undici";
import { conclude, concurrently, count } from "../tally.ts";

const requestId = new ContextVar("requestId", { default: "-" });

const sendId: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch({ ...options, headers: { "x-request-id": requestId.get() } }, handler);

const dispatcher = new Agent({ connections: 2 }).compose(sendId);

const server = createServer((request, response) => response.end(request.headers["x-request-id"]));
await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = server.address() as AddressInfo;
await concurrently(requestId, async (id) => {
  const { body } = await request(`http://127.0.0.1:${port}`, { dispatcher });
  count(await body.text(), id);
  count(requestId.get(), id);
});
await dispatcher.close();
server.close();
conclude(400);
