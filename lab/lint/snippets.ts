/** What each lint rule must report, or must not; docs/mistakes.md has the plainest: tested too. */

/** What the snippets share. */
export const PRELUDE = `
import { Context, ContextVar, copyContext, createTask, currentContext } from "@contextvars/contextvars";
import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { broker, express, Mutex, pLimit, query, queue } from "./other.ts";
const user = new ContextVar("user", { default: "-" });
const role = new ContextVar("role", { default: "-" });
const notes = new ContextVar("notes", { defaultFactory: () => [] as string[] });
async function work(name: string) { user.set(name); await 0; return user.get(); }
async function logIn(name: string) { await 0; user.set(name); }
async function read() { await 0; return user.get(); }
async function* rows() { yield user.get(); }
function handler(request: Request) { user.set(request.url); return new Response(user.get()); }
class Service {
  names: string[] = [];
  async handle(name: string) { user.set(name); await this.store(); }
  async store() { await 0; console.log(user.get()); }
}
`;

const SERVERS = "import '@contextvars/contextvars/servers';";

/** Puts statements into a function that is called with what there is. */
const inside = (body: string) => `export async function main(names: string[], fn: any) { ${body} }`;

export const SNIPPETS: Record<string, { wrong: string[]; right: string[] }> = {
  "concurrent-set": {
    wrong: [
      "const first = work('a'); await fn(); await Promise.all([first, work('b')]);",
      "for await (const it of queue) work(it);",
      "const all: unknown[] = []; for (const it of names) all.push(work(it)); await Promise.all(all);",
      "const service = new Service(); await Promise.all(names.map((it) => service.handle(it)));",
      "const limit = pLimit(3); await Promise.all(names.map((it) => limit(() => work(it))));",
      "const one = new Context(); await Promise.all([one.run(work, 'a'), one.run(work, 'b')]);",
      "const load = () => fn().then((it: string) => user.set(it)); await Promise.all([load(), load()]);",
      "work('a').catch(() => {}); console.log(user.get());",
      "user.set('a'); const reading = read(); user.set('b'); await reading;",
      "setTimeout(() => { user.set('late'); console.log(user.get()); }, 10);",
      "const context = copyContext(); return (...args: any[]) => context.run(fn, ...args);",
      "await createTask(work('a') as any);",
    ].map(inside),
    right: [
      "await Promise.all([work('a'), fn()]); for (const it of names) await work(it);",
      "const mutex = new Mutex(); await Promise.all(names.map((it) => mutex.runExclusive(() => work(it))));",
      `const mutex = new Mutex();
       const turn = async (it: string) => { await mutex.acquire(); user.set(it); await read(); };
       await Promise.all(names.map(turn));`,
      `const save = async (it: string) => { user.set(it); const line = user.get(); await fn(line); };
       await Promise.all(names.map(save));`,
      `const ready = Promise.withResolvers<void>();
       const waiting = (async () => { await ready.promise; user.set('ready'); })();
       user.set('asking'); ready.resolve(); await waiting;`,
      "await new Promise<void>((resolve) => setTimeout(() => { user.set('a'); resolve(); }));",
      "return (request: any, next: () => void) => void logIn(request.user).then(next);",
    ].map(inside),
  },
  "outside-task": {
    wrong: [
      "user.set('x');",
      "await logIn('x');",
      "notes.get().push('x');",
      "const logger = express({ user: user.get() });",
      "Deno.serve({ port: 0, handler });",
      "Bun.serve({ routes: { '/': { GET: (request: Request) => handler(request) } } });",
      "createServer((request, response) => { user.set(request.url!); response.end(); });",
      "const app = express(); app.use((request: any, _: any, next: any) => { user.set(request.user); next(); }); app.listen(80);",
      "export default { fetch: handler };",
      "Deno.cron('job', '* * * * *', () => work('job'));",
      "new Worker('mail', async (job) => { await work(job.name); });",
      "await queue.run({ eachMessage: async ({ name }: any) => { await work(name); } });",
      "setInterval(() => work('tick'), 1000);",
      "Deno.test('x', async () => { await work('x'); });",
    ],
    right: [
      "console.log(user.get());",
      "const token = user.set('x'); user.reset(token);",
      "const app = express(); app.use((_: any, __: any, next: any) => new Context().run(next)); app.use((_: any, __: any, next: any) => { user.set('x'); next(); }); app.listen(80);",
      "import { inContext } from './c.ts'; const app = express(); app.use(inContext); app.use((_: any, __: any, next: any) => { user.set('x'); next(); }); app.listen(80);",
      "export const app = express(); app.get('/', (request: Request) => handler(request));",
      "Deno.test('x', () => { using _ = user.set('x'); console.log(user.get()); });",
    ],
  },
  "copied-handler": {
    wrong: [
      "export default copyContext().bind(handler);",
      "export class Server { start = () => createServer(currentOf(copyContext().bind(handler))); #x = createServer(copyContext().bind(handler)); }",
      "Deno.serve((request) => createTask(handler, request));",
      "const one = new Context(); Deno.serve((request) => one.run(handler, request));",
      "export class Routes { all; constructor() { this.all = { '/': copyContext().bind(handler) }; } }",
      "const app = express(); app.use((_: any, __: any, next: any) => createTask(next)); app.listen(80);",
    ],
    right: [
      "Deno.serve(copyContext().bind(handler));",
      `${SERVERS} Deno.serve((request) => createTask(handler, request));`,
    ],
  },
  "unbound-listener": {
    wrong: [
      "return await new Promise((resolve) => broker.once('x', () => resolve(user.get())));",
      "broker.on('news', () => console.log(names, user.get()));",
      "fn.socket.onmessage = () => console.log(user.get());",
      "return new Promise((done) => { if (queue.push(done) === 1) setTimeout(() => queue.flush(user.get())); });",
      "fn.socket.on('data', async () => { user.set('x'); await read(); });",
      "const own = new EventEmitter(); own.on('x', async () => { user.set('x'); await fn(); });",
      "return new ReadableStream({ pull(controller) { controller.enqueue(user.get()); } });",
      "queue.jobs.push(() => console.log(user.get()));",
    ].map(inside).concat(
      "Deno.serve({ onError: () => new Response(user.get()), handler: () => new Response() });",
      `${SERVERS} broker.on('connect', async () => { await logIn('x'); await read(); });`,
    ),
    right: [
      "broker.on('log', () => console.log(user.get()));",
      "broker.on('x', () => void createTask(work, 'a'));",
      "fn('x', (response: any) => response.on('end', () => console.log(user.get())));",
      "const own = new EventEmitter(); own.on('x', (it) => { user.set(it); }); own.emit('x', 'a');",
      "const stream = new ReadableStream({ pull(to) { to.enqueue(user.get()); } }); for await (const it of stream) fn(it);",
      "const jobs: any[] = []; jobs.push(() => console.log(user.get())); for (const it of jobs) it();",
    ].map(inside).concat(
      ["upgrade", "connect", "checkContinue", "stream"].map((event) =>
        `${SERVERS} createServer().on('${event}', async () => { await logIn('x'); await read(); });`
      ),
      `${SERVERS} new WebSocketServer({}).on('connection', async () => { await logIn('x'); });`,
    ),
  },
  "unbound-generator": {
    wrong: [
      "return createTask(rows);",
      "return new Response(ReadableStream.from(rows()).pipeThrough(new TextEncoderStream()));",
    ].map(inside),
    right: [
      "return user.run('x', () => Array.fromAsync(rows()));",
      "for await (const it of rows()) fn(it);",
    ].map(inside),
  },
  "return-await": {
    wrong: [
      "using _ = user.set('x'); return query('x');",
      "let reading; { using _ = user.set('x'); reading = read(); } return await reading;",
      "const token = user.set('x'); const reading = read(); user.reset(token); return await reading;",
    ].map(inside).concat(
      "function as<T>(fn: () => T) { using _ = user.set('x'); return fn(); } export const it = () => as(async () => { await 0; });",
    ),
    right: [
      "const token = user.set('x'); try { return await read(); } finally { user.reset(token); }",
      "using _ = user.set('x'); return JSON.stringify(names);",
      "using _ = user.set('x'); const reading = read(); return await reading;",
    ].map(inside).concat(
      "export function as<T>(fn: () => T) { using _ = user.set('x'); return fn(); }",
    ),
  },
  "lost-value": {
    wrong: [
      "await createTask(logIn, 'x'); return user.get();",
      "const reading = createTask(read); user.set('x'); return await reading;",
      "fn.on('close', copyContext().bind(() => console.log(user.get()))); user.set('x');",
      "await Promise.all([createTask(logIn, 'x')]); return await read();",
      "user.set('x'); await new Context().run(read);",
    ].map(inside),
    right: [
      "user.set('x'); await createTask(logIn, 'y'); return user.get();",
      "fn.on('close', currentContext().bind(() => console.log(user.get()))); user.set('x');",
      "await createTask(async () => { user.set('x'); await fn(); }); return user.get();",
      "user.set('x'); const reading = createTask(read); user.set('y'); return await reading;",
    ].map(inside),
  },
  "kept-value": {
    wrong: [
      "while (fn()) { fn() && user.set('x'); await read(); }",
      "const token = user.set('x'); if (fn()) return; user.reset(token);",
      "const token = user.set('x'); role.reset(token);",
      "const token = user.set('x'); await createTask(() => user.reset(token));",
    ].map(inside).concat(
      "export async function asAdmin(fn: any) { role.set('admin'); return await fn(); }",
    ),
    right: [
      "for (const it of names) { if (it === '') user.set(it); else await read(); }",
      "for (const it of names) { user.set(it); await read(); }",
    ].map(inside),
  },
  "floating-task": {
    wrong: [
      "names.forEach((it) => createTask(work, it));",
      "copyContext().run(async () => { await fn(); });",
      "user.run('x', read);",
      "createTask(work, 'x').then(fn);",
    ].map(inside),
    right: [
      "void createTask(work, 'x');",
      "fn.waitUntil(createTask(work, 'x'));",
      "copyContext().run(() => user.get());",
    ].map(inside),
  },
  "mutable-default": {
    wrong: [
      "const cache = new ContextVar('cache', { default: new Map<string, string>() }); export const add = (it: string) => cache.get().set(it, it);",
      "const bag = new ContextVar('bag', { default: {} as any }); export const add = () => { const it = bag.get(); it.x = 1; };",
    ],
    right: [
      "export const cache = new ContextVar<ReadonlyMap<string, string>>('cache', { default: new Map() });",
      "const list = new ContextVar('list', { default: [] as string[] }); export const add = (it: string) => list.set([...list.get(), it]);",
    ],
  },
  "variable-in-function": {
    wrong: [
      inside("const own = new ContextVar('own', { default: 1 }); own.set(2);"),
      "class Scope { readonly user = new ContextVar('user', { default: '-' }); } export function handle() { const scope = new Scope(); scope.user.set('x'); }",
      "const make = () => new ContextVar('own', { default: 1 }); export const handle = () => make().get();",
    ],
    right: [
      "export function makeLogger() { const own = new ContextVar('own', { default: 1 }); return { log: () => own.get() }; }",
      "export class Tracer { #span = new ContextVar('span', { default: '-' }); get() { return this.#span.get(); } }",
      "function main() { const own = new ContextVar('own', { default: 1 }); own.run(2, () => own.get()); } main();",
    ],
  },
};
