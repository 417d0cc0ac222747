import { surprises } from "./table.js";

globalThis.seen = surprises();
