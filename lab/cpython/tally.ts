/** Counts what programs reached: steps by kind, errors by class and reason, and steps in vain. */

const LINE =
  /^(?:(?<task>\d+) )?(?<kind>\w+)[^:]*(?:: raised (?<error>.*)|: "(?<vain>no \w+|cannot wait here|deadlock)"$)?/;

/** The counts over many traces. */
export class Tally {
  programs = 0;
  steps = 0;
  readonly #kinds = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #vain = new Map<string, number>();

  /** Counts one program's trace. */
  add(trace: readonly string[]): void {
    this.programs++;
    this.steps += trace.length;
    let unwinding = "";
    for (const line of trace) {
      const { task, kind, error, vain } = LINE.exec(line)!.groups!;
      count(this.#kinds, kind!);
      if (vain !== undefined) count(this.#vain, vain);
      // On its way up, an error ends each step that it was raised in.
      if (error !== undefined && unwinding !== `${task} ${error}`) count(this.#errors, error);
      unwinding = error === undefined ? "" : `${task} ${error}`;
    }
  }

  /** Lists the counts, the most frequent first. */
  details(): string {
    return [
      `steps: ${list(this.#kinds)}`,
      `errors: ${list(this.#errors)}`,
      `in vain: ${list(this.#vain)}`,
    ].join("\n");
  }

  toString(): string {
    return `${this.programs} programs, ${this.steps} steps`;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function list(counts: Map<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([key, times]) => `${key} ${times}`).join(", ");
}
