import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage: what is held by a `WeakRef` alone is gone afterwards. */
export async function collectGarbage(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve)); // a WeakRef is kept until its task ends
  setFlagsFromString("--expose-gc"); // runtimes show the collector only on demand
  runInNewContext("gc")();
}
