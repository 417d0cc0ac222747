/** Runs commands, for the programs that are no tests. */

/** Where a command runs, and with what besides the environment of this program. */
export type Surroundings = Pick<Deno.CommandOptions, "cwd" | "env">;

/**
 * Runs a command, and returns what it prints on its standard output.
 *
 * @throws {Error} It fails; the message is what it complains about.
 */
export async function outputOf(
  [program, ...args]: readonly string[],
  surroundings: Surroundings = {},
): Promise<string> {
  const command = new Deno.Command(program!, { args, ...surroundings });
  const { success, stdout, stderr } = await command.output();
  if (success) return new TextDecoder().decode(stdout);
  const complaint = new TextDecoder().decode(stderr).trim();
  throw new Error(complaint || `${program} ${args.join(" ")} failed`);
}

/** Runs `deno`, as `outputOf` does. */
export function deno(args: readonly string[], surroundings?: Surroundings): Promise<string> {
  return outputOf([Deno.execPath(), ...args], surroundings);
}
