// Runs every example as its second line says, headed by its name.
// deno run -A examples/run_all.ts

/** Returns the names of the examples, without `.ts`. */
export function listExamples(): string[] {
  return Array.from(Deno.readDirSync(import.meta.dirname!), ({ name }) => name)
    .filter((name) => name.endsWith(".ts") && name !== "run_all.ts")
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

/** Returns the process of an example, which runs with no more permissions than it states. */
export function exampleProcess(name: string): Deno.Command {
  const [, line] = Deno.readTextFileSync(new URL(`${name}.ts`, import.meta.url)).split("\n");
  const [comment, program, ...args] = line!.split(" ");
  if (comment !== "//" || program !== "deno" || args.at(-1) !== `examples/${name}.ts`) {
    throw new Error(`line 2 of ${name}.ts must say how to run it, got ${JSON.stringify(line)}`);
  }
  return new Deno.Command(Deno.execPath(), {
    args: [args[0]!, "--quiet", "--no-prompt", ...args.slice(1)],
    cwd: new URL("..", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  });
}

if (import.meta.main) {
  const failed: string[] = [];
  for (const name of listExamples()) {
    console.log(`\n--- ${name} ---`);
    const { success, stdout, stderr } = await exampleProcess(name).output();
    await Deno.stdout.write(stdout);
    await Deno.stderr.write(stderr);
    if (!success) failed.push(name);
  }
  if (failed.length > 0) {
    console.error(`\nfailed: ${failed.join(", ")}`);
    Deno.exit(1);
  }
}
