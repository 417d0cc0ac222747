/** Every door that is tried, in the order of the table, under the heading of its kind. */

import type { Doors } from "./door.ts";
import { computation } from "./doors/computation.ts";
import { eventDoors } from "./doors/events.ts";
import { httpDoors } from "./doors/http.ts";
import { language } from "./doors/language.ts";
import { messages } from "./doors/messages.ts";
import { sockets } from "./doors/sockets.ts";
import { streams } from "./doors/streams.ts";
import { system } from "./doors/system.ts";
import { timersAndQueues } from "./doors/timers.ts";

export const doors: Readonly<Record<string, Doors>> = {
  "The language": language,
  "Timers and queues": timersAndQueues,
  "Events": eventDoors,
  "Messages": messages,
  "Streams": streams,
  "HTTP": httpDoors,
  "Sockets": sockets,
  "Files, processes and signals": system,
  "Computation and memory": computation,
};
