/** A module of one's own that is loaded twice: what is set through one is read through the other. */

import { ContextVar } from "@contextvars/contextvars";
import { conclude, count } from "../shared/tally.ts";

const home: { [name: symbol]: ContextVar<string> | undefined } = globalThis as never;
const USER = Symbol.for("my-app.user");

export const user: ContextVar<string> = home[USER] ??= new ContextVar("user", { default: "-" });

if (!import.meta.url.endsWith("?v=2")) {
  const again = await import(`${import.meta.url}?v=2`);
  user.run("alice", () => count(again.user.get(), "alice"));
  conclude(1);
}

// wrong, one for each time that it is loaded: home[USER] ??= ~> /* */
