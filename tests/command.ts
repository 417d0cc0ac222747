/** Runs commands, for tests and for the programs around them. */

/** Where a command runs, with what besides the environment of this program, and until when. */
export type Surroundings = Pick<Deno.CommandOptions, "cwd" | "env" | "signal">;

/** What came of a command. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command `deno`: the one that runs this. */
const DENO = Deno.execPath();

/** Runs a command to its end. What it prints has no colours, and `\n` at the end of each line. */
export async function run(
  [program, ...args]: readonly string[],
  { env, ...surroundings }: Surroundings = {},
): Promise<Result> {
  const options = { args, env: { NO_COLOR: "1", ...env }, ...surroundings };
  const { code, stdout, stderr } = await new Deno.Command(program!, options).output();
  const text = (output: Uint8Array) => new TextDecoder().decode(output).replaceAll("\r\n", "\n");
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs `deno`, as `run` does. */
export function runDeno(args: readonly string[], surroundings?: Surroundings): Promise<Result> {
  return run([DENO, ...args], surroundings);
}

/**
 * Runs a command, and returns what it prints on its standard output.
 *
 * @throws {Error} It fails; the message is what it complains about.
 */
export async function outputOf(
  command: readonly string[],
  surroundings?: Surroundings,
): Promise<string> {
  const { code, stdout, stderr } = await run(command, surroundings);
  if (code === 0) return stdout;
  throw new Error(stderr.trim() || `${command.join(" ")} failed`);
}

/** Runs `deno`, as `outputOf` does. */
export function deno(args: readonly string[], surroundings?: Surroundings): Promise<string> {
  return outputOf([DENO, ...args], surroundings);
}
