/** The variable of strict_test.ts and of the route that it loads. */

import { ContextVar } from "@contextvars/contextvars";

export const user: ContextVar<string> = new ContextVar("user", { default: "anonymous" });
