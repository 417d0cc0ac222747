/** The bundlers and frameworks of docs/browsers.md: how each builds the page, and serves it. */

export interface Bundler {
  readonly name: string;
  /** What docs/browsers.md says that a user adds. */
  readonly line?: string;
  /** The folder in `programs` that has the page: one that is static, or a framework's, with a server. */
  readonly pages: "static" | "sveltekit" | "astro" | "next";
  readonly build: string;
  /** How the server is started; the number of its port replaces PORT. */
  readonly serve: string;
}

export const IMPORT_MAP = `<script type="importmap">
{ "imports": { "node:async_hooks": "data:text/javascript," } }
</script>`;

const ALIAS = "--alias:node:async_hooks=data:text/javascript,";
const STATIC = { pages: "static", serve: "vite preview --host=127.0.0.1 --port=PORT" } as const;

export const BUNDLERS: readonly Bundler[] = [
  { ...STATIC, name: "Vite", build: "vite build" },
  { ...STATIC, name: "Parcel", build: "parcel build index.html --dist-dir=dist --no-cache" },
  { ...STATIC, name: "Bun", build: "bun build index.html --outdir=dist" },
  {
    ...STATIC,
    name: "esbuild",
    line: ALIAS,
    build: `esbuild page.js --bundle ${ALIAS} --outdir=dist`,
  },
  {
    ...STATIC,
    name: "webpack",
    line: 'externals: { "node:async_hooks": "{}" }',
    build: "webpack build",
  },
  {
    ...STATIC,
    name: "Rollup",
    line: IMPORT_MAP,
    build: "rollup page.js --plugin @rollup/plugin-node-resolve --dir dist",
  },
  {
    ...STATIC,
    name: "Rolldown",
    line: IMPORT_MAP,
    build: "rolldown page.js --platform browser --dir dist",
  },
  {
    ...STATIC,
    name: "deno bundle",
    line: IMPORT_MAP,
    build: "deno bundle --platform browser --outdir dist page.js",
  },
  { name: "SvelteKit", pages: "sveltekit", build: "vite build", serve: "node build/index.js" },
  { name: "Astro", pages: "astro", build: "astro build", serve: "node dist/server/entry.mjs" },
  {
    name: "Next.js",
    line: 'resolveAlias: { "node:async_hooks": { browser: "data:application/json,{}" } }',
    pages: "next",
    build: "next build",
    serve:
      "node --import=@contextvars/contextvars/servers ../../node_modules/next/dist/bin/next start --hostname=127.0.0.1 --port=PORT",
  },
];
