/** Collects garbage again and again: some of it becomes so only by another collection. */
export async function collectGarbage(): Promise<void> {
  // Not by name: a bundle for Cloudflare Workers would import them at its start.
  const load = (name: string) => import(name);
  (await load("node:v8")).setFlagsFromString("--expose-gc"); // shown only on demand
  const { gc } = (globalThis as { Bun?: { gc(now: true): void } }).Bun ??
    { gc: (await load("node:vm")).runInNewContext("gc") };
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve)); // a WeakRef is kept until its task ends
    gc(true);
  }
}
