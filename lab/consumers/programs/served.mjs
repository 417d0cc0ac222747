/** A server with keep-alive whose variable and login are a library's, of another copy. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import process from "node:process";
import { ContextVar } from "library";
import "library/servers";

const user = new ContextVar("user", { default: "/" });

async function login(name) {
  await null;
  user.set(name);
}

const server = createServer(async ({ url }, response) => {
  if (url !== "/") await login(url);
  await new Promise((resolve) => setTimeout(resolve, 1));
  response.end(user.get());
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

/** Counts the wrong answers to one client, every second of whose requests has no name. */
async function client() {
  let wrong = 0;
  for (let i = 0; i < 50; i++) {
    const path = i % 2 === 0 ? `/user${i}` : "/";
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
    if (await response.text() !== path) wrong++;
  }
  return wrong;
}

console.log("wrong:", ...await Promise.all(Array.from({ length: 8 }, client)));
try {
  user.set("outside");
} catch ({ name }) {
  console.log(name);
}
process.exit();
