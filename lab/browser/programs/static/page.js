import { table } from "./table.js";

globalThis.seen = table();
