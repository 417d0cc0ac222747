/** Every case, in the order of the page, under the heading of its kind. */

import type { Cases } from "./attempt.ts";
import { errors } from "./cases/errors.ts";
import { eventCases } from "./cases/events.ts";
import { httpCases } from "./cases/http.ts";
import { http2Cases } from "./cases/http2.ts";
import { language } from "./cases/language.ts";
import { messages } from "./cases/messages.ts";
import { modules } from "./cases/modules.ts";
import { sockets } from "./cases/sockets.ts";
import { streams } from "./cases/streams.ts";
import { system } from "./cases/system.ts";
import { timersAndCallbacks } from "./cases/timers.ts";

export const cases: Readonly<Record<string, Cases>> = {
  "The language": language,
  "Timers, observers and callbacks of one call": timersAndCallbacks,
  "Events": eventCases,
  "Messages": messages,
  "Streams": streams,
  "HTTP": httpCases,
  "HTTP/2": http2Cases,
  "Sockets": sockets,
  "Files, processes and signals": system,
  "Modules": modules,
  "Errors that nobody catches": errors,
};
