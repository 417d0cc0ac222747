/** Two installations of the package, a program's and a library's: one is the other, and works. */

import * as ours from "@contextvars/contextvars";
import * as theirs from "library";

const tenant = new ours.ContextVar("tenant", { default: "none" });

async function helper(name) {
  await null;
  tenant.set(name);
}

async function job(name) {
  if (name !== undefined) await helper(name);
  await new Promise((resolve) => setTimeout(resolve, 1));
  return tenant.get();
}

async function test() {
  const apart = Object.keys(ours).filter((name) => theirs[name] !== ours[name]);
  const seen = [];
  const bound = theirs.copyContext().bind(job);
  for (const name of ["acme", undefined]) {
    seen.push(await theirs.createTask(job, name), await bound(name));
  }
  console.log(JSON.stringify({ apart, seen }));
}

export default { test };
if (!("WebSocketPair" in globalThis)) await test(); // workerd calls it itself
