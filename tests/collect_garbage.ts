/** Collects garbage again and again: some of it becomes so only by another collection. */
export async function collectGarbage(): Promise<void> {
  // Not by name: a bundle for Cloudflare Workers would import them at its start.
  const [v8, vm] = await Promise.all(["node:v8", "node:vm"].map((name) => import(name)));
  v8.setFlagsFromString("--expose-gc"); // runtimes show the collector only on demand
  const { Bun } = globalThis as { Bun?: { gc(now: true): void } };
  const gc = Bun === undefined ? vm.runInNewContext("gc") : () => Bun.gc(true);
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve)); // a WeakRef is kept until its task ends
    overwriteStack(500);
    gc();
  }
}

/** Overwrites what calls have left on the stack: Bun's collector takes all that is there for alive. */
function overwriteStack(calls: number): number {
  return calls === 0 ? 0 : 1 + overwriteStack(calls - 1);
}
