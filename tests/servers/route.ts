/** A route, in a module that the first request to it loads. */

import { Context } from "@contextvars/contextvars";
import { nameAfterSetting } from "./answers.ts";

/** Bound as the documentation says. */
export const handler: (name: string) => Promise<string> = new Context().bind(nameAfterSetting);
