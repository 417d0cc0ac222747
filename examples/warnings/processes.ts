// a warning: values do not cross processes; send them, here in the environment
// deno run --allow-read --allow-run --allow-env=REQUEST_ID examples/warnings/processes.ts

import { ContextVar } from "@contextvars/contextvars";

const requestId = new ContextVar("request_id", { default: "none" });

async function runChild(): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-env=REQUEST_ID", import.meta.filename!, "child"],
    env: { REQUEST_ID: requestId.get() },
  });
  await child.spawn().status;
}

function main(): void {
  console.log(`The child with what was sent: ${requestId.get()}`);
}

if (Deno.args[0] === "child") {
  console.log(`The child by itself: ${requestId.get()}`);
  requestId.run(Deno.env.get("REQUEST_ID") ?? "none", main);
} else {
  await requestId.run("req-1", runChild);
}

// Prints:
// The child by itself: none
// The child with what was sent: req-1
