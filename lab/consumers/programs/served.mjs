/** A server with keep-alive whose variable and login are a library's, of another copy. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import process from "node:process";
import { ContextVar } from "library";
import "library/servers";

const user = new ContextVar("user", { default: "anonymous" });

async function login(name) {
  await null;
  user.set(name);
}

const server = createServer(async (request, response) => {
  const name = request.url.slice(1);
  if (name !== "") await login(name);
  await new Promise((resolve) => setTimeout(resolve, 1));
  response.end(user.get());
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

/** Counts the right answers of one client, every second of whose requests has no name. */
async function client() {
  let right = 0;
  for (let i = 0; i < 50; i++) {
    const name = i % 2 === 0 ? `user${i}` : "";
    const response = await fetch(`http://127.0.0.1:${server.address().port}/${name}`);
    if (await response.text() === (name || "anonymous")) right++;
  }
  return right;
}

const counts = await Promise.all(Array.from({ length: 8 }, client));
let strict = "off";
try {
  user.set("outside");
} catch {
  strict = "on";
}
console.log(`${counts.reduce((sum, count) => sum + count)} right, strict mode is ${strict}`);
process.exit();
