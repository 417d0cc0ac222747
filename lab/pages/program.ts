/**
 * A program of a page. Its last lines say how it is tried, each as often as needed:
 *
 *     // run on Bun                             where it does not run on the runtimes of its folder
 *     // run on Node.js 24: arguments           where it is not run by itself
 *     // run on Bun, with bun:test: arguments   with that in the place of "node:test"
 *     // asked for: usual, stream, /raw         a server: by ASKS of load.ts, or a path
 *     // as node:https: text ~> another         another server, made by other text
 *     // by its line: text ~> another           what is written where ./servers cannot be imported
 *     // lost: place, place                     where a request's value is lost all the same
 *     // wrong, what it does: text ~> another   what looks right, and must be noticed
 *
 * Lines that begin alike change one program together. `by its line` takes out the import of
 * ./servers, and so does what says `without the import`. For a server that alone is wrong too, and
 * goes without saying.
 */

import type { RuntimeTitle } from "../runtimes/install.ts";

/** What makes a task of each request. */
export const IMPORT = 'import "@contextvars/contextvars/servers";\n';

const CHANGE = /^\/\/ (as .+?|by its line|wrong, .+?)(?:: (.*) ~>(?: (.*))?)?$/gm;

/** What is imported where another text uses it. */
const MODULES = {
  Context: "@contextvars/contextvars",
  copyContext: "@contextvars/contextvars",
  createTask: "@contextvars/contextvars",
  createServer: "node:http",
};

/** It must report nothing. */
const DEBUG = 'import "@contextvars/contextvars/debug";\n';

/** Where a server's variants run, of its runtimes. */
const MAIN: readonly RuntimeTitle[] = ["Deno", "Node.js 24"];

/** A way to run a program. */
export interface Way {
  readonly title: RuntimeTitle;
  /** In the place of the program's file. */
  readonly args?: readonly string[];
  /** In the place of `node:test`. */
  readonly runner?: string;
}

/** A program as it is, or with another text. */
export interface Variant {
  readonly what: string;
  readonly text: string;
  readonly ways: readonly Way[];
}

/** A program, and all that is tried with it. */
export interface Program {
  /** What a server is asked for; of other programs nothing. */
  readonly asked: readonly string[];
  /** The places where a request's value is lost. */
  readonly lost: readonly string[];
  readonly right: readonly Variant[];
  readonly wrong: readonly Variant[];
}

/** Reads a program; `usual` are the runtimes of those that name none. */
export function readProgram(source: string, usual: readonly RuntimeTitle[]): Program {
  const [, text = "", notes = ""] = /^([^]*?\n)((?:\/\/ .*\n)*)$/.exec(source)!;
  const listOf = (name: string) =>
    new RegExp(`^// ${name}: (.*)$`, "m").exec(notes)?.[1]?.split(", ") ?? [];
  const asked = listOf("asked for");
  const named = waysOf(notes);
  const ways = named.length > 0 ? named : usual.map((title) => ({ title }));
  const main = ways.filter(({ title }) => asked.length === 0 || MAIN.includes(title));
  const few = main.length > 0 ? main : ways;

  const changed = Array.from(
    Map.groupBy(notes.matchAll(CHANGE), ([, what]) => what!),
    ([what, changes]): Variant => {
      const rest = /^by its line|without the import/.test(what) ? text.replace(IMPORT, "") : text;
      return {
        what,
        text: addImports(changes.reduce(change, rest)),
        ways: what.startsWith("as ") ? ways : few,
      };
    },
  );
  const isWrong = ({ what }: Variant) => what.startsWith("wrong");
  const right = [{ what: "as it is", text, ways }, ...changed.filter((it) => !isWrong(it))];
  const neither = right
    .filter((it) => asked.length > 0 && it.text.includes(IMPORT))
    .map((it) => ({
      what: `${it.what}, without the import`,
      text: it.text.replace(IMPORT, ""),
      ways: few,
    }));
  const ofDeno = ways.filter(({ title }) => title === "Deno");
  return {
    asked,
    lost: listOf("lost"),
    right: [...right, { what: "in debug mode", text: DEBUG + text, ways: ofDeno }],
    wrong: [...neither, ...changed.filter(isWrong)],
  };
}

function waysOf(notes: string): Way[] {
  const lines = notes.matchAll(/^\/\/ run on (.*?)(?:, with (\S+))?(?:: (.*))?$/gm);
  return Array.from(lines, ([, title, runner, args]) => ({
    title: title as RuntimeTitle,
    ...runner !== undefined && { runner },
    ...args !== undefined && { args: args.split(" ") },
  }));
}

function change(program: string, [, , from = "", to = ""]: readonly string[]): string {
  const [text, other] = [from, to].map((part) => part.replaceAll("\\n", "\n"));
  if (!program.includes(text!)) throw new Error(`the program does not have: ${text}`);
  return program.replace(text!, () => other!);
}

function addImports(program: string): string {
  const missing = Object.entries(MODULES).filter(([name]) =>
    new RegExp(`\\b${name}\\(`).test(program) &&
    !new RegExp(`^import [^;]*\\b${name}\\b`, "m").test(program)
  );
  return missing.map(([name, module]) => `import { ${name} } from "${module}";\n`).join("") +
    program;
}
