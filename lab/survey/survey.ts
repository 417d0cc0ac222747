/** Tries every case and every leak in this runtime, one after the other, outside any task. */

import { ContextVar } from "@contextvars/contextvars";
import { type Case, type Cases, isThere, outcomeOf, tryCase } from "./attempt.ts";
import { errors, events } from "./cases/events.ts";
import { httpCases } from "./cases/http.ts";
import { language, modules } from "./cases/language.ts";
import { messages } from "./cases/messages.ts";
import { sockets } from "./cases/sockets.ts";
import { streams } from "./cases/streams.ts";
import { system } from "./cases/system.ts";
import { timersAndCallbacks } from "./cases/timers.ts";
import { leaks } from "./leaks.ts";

/** What became of a case, under the heading of its kind. */
interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly sees: string;
}

/** What was found on one runtime. */
export interface Survey {
  readonly entries: readonly Entry[];
  /** What is not as the page says of all cases. */
  readonly contradictions: readonly string[];
}

/** Every case, in the order of the page, under the heading of its kind. */
const KINDS: Readonly<Record<string, Cases>> = {
  "The language": language,
  "Timers and callbacks of one call": timersAndCallbacks,
  "Events": events,
  "Messages": messages,
  "Streams": streams,
  "HTTP": httpCases,
  "Sockets": sockets,
  "Files, processes and signals": system,
  "Modules": modules,
  "Errors that nobody catches": errors,
};

/** Tries all one by one, for some are about the whole process. */
export async function survey(): Promise<Survey> {
  const ofLeaks: Entry[] = [];
  for (const [name, leak] of Object.entries(leaks)) {
    const mark = new ContextVar("mark", { default: false });
    const sees = await outcomeOf(async (closing) => await leak(mark, { closing }) ? "yes" : "no");
    ofLeaks.push({ kind: "Leaks", name, sees });
  }
  const entries: Entry[] = [];
  const contradictions: string[] = [];
  for (const [kind, cases] of Object.entries(KINDS)) {
    for (const [name, case_] of Object.entries(cases)) {
      const sees = await tryCase(case_, "another");
      entries.push({ kind, name, sees });
      if (!isThere(sees)) continue;
      for await (const it of contradict(case_, sees)) contradictions.push(`${name}: ${it}`);
    }
  }
  return { entries: [...entries, ...ofLeaks], contradictions };
}

/** Tries a case in the other ways, and says what is not as the page says of all cases. */
async function* contradict(case_: Case, sees: string): AsyncGenerator<string> {
  const instead = (word: RegExp, other: string) =>
    [...new Set(sees.split(", then ").map((call) => call.replace(word, other)))].join(", then ");
  const bound = await tryCase(case_, "another", true);
  if (bound !== "kept") yield `a bound callback sees ${bound}`;
  const own = await tryCase(case_, "registrar");
  if (own !== instead(/creator's/, "kept")) yield `where one task makes and registers: ${own}`;
  const empty = await tryCase(case_, "empty");
  if (empty !== instead(/(creator|server)'s/, "nothing")) yield `an empty creator gives ${empty}`;
}
