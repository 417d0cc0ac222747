/** Where in the user's code something happened. */

const FRAMES = 14;
const SHOWN = 4;

// Bun's stacks show paths; those of the other runtimes show URLs.
const ROOT = String(import.meta.url).replace(/^file:\/\//, "").replace(/internal\/debug\/.*$/, "");
const OURS = /^(internal\/|(context|context_var|task|token|debug)\.[jt]s:)/;
const RUNTIME = /\b(ext|node|bun|node-internal|native):/;
// In a bundle, all is one file: there our lines end with a call of ours that users know.
const BUNDLED = !String(import.meta.url).includes("/internal/debug/");
const PUBLIC = /^(ContextVar|Token|Context)\.|^createTask /;
const PLACE = /:\d+:\d+\)?$/;

/** A stack. It is made into text when somebody reads it: that takes most of the time. */
export class Site {
  declare readonly stack: string;

  constructor() {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(this);
    Error.stackTraceLimit = stackTraceLimit;
  }

  /** The user's lines, innermost first, each on a line of its own. */
  get lines(): string {
    return userLines(this.stack).slice(0, SHOWN).map((line) => `\n    at ${line}`).join("");
  }

  /** The innermost line. */
  toString(): string {
    return userLines(this.stack)[0]!;
  }
}

function userLines(stack: string): string[] {
  let lines = stack.split("\n")
    .map((line) => line.replace(/^ *at /, ""))
    .filter((line) => PLACE.test(line) && !RUNTIME.test(line) && !isOurs(line));
  if (BUNDLED) {
    lines = lines.slice(lines.findIndex((line) => PUBLIC.test(line)));
    lines = lines.filter((line) => !PUBLIC.test(line));
  }
  return lines.length > 0 ? lines : ["the runtime (no line of yours)"];
}

function isOurs(line: string): boolean {
  const [, file] = line.split(ROOT);
  return file !== undefined && OURS.test(file);
}
