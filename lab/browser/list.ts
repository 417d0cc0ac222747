/** The bundlers and frameworks of docs/browsers.md: how each builds the page, and serves it. */

export interface Bundler {
  readonly name: string;
  /** The folder in `programs` that has the page: one that is static, or a framework's, with a server. */
  readonly pages: "static" | "sveltekit" | "astro" | "next";
  readonly build: string;
  /** How the server is started; the number of its port replaces PORT. */
  readonly serve: string;
  /** What docs/browsers.md says that a user adds. */
  readonly line?: string;
}

export const IMPORT_MAP = `<script type="importmap">
{ "imports": { "node:async_hooks": "data:text/javascript," } }
</script>`;

const ALIAS = "--alias:node:async_hooks=data:text/javascript,";

export const BUNDLERS: readonly Bundler[] = [
  builder("Vite", "vite build"),
  builder("Parcel", "parcel build index.html --dist-dir=dist --no-cache"),
  builder("Bun", "bun build index.html --outdir=dist"),
  builder("esbuild", `esbuild page.js --bundle ${ALIAS} --outdir=dist`, ALIAS),
  builder("webpack", "webpack build", 'externals: { "node:async_hooks": "{}" }'),
  builder("Rollup", "rollup page.js --plugin @rollup/plugin-node-resolve --dir dist", IMPORT_MAP),
  builder("Rolldown", "rolldown page.js --platform browser --dir dist", IMPORT_MAP),
  builder("deno bundle", "deno bundle --platform browser --outdir dist page.js", IMPORT_MAP),
  { name: "SvelteKit", pages: "sveltekit", build: "vite build", serve: "node build/index.js" },
  { name: "Astro", pages: "astro", build: "astro build", serve: "node dist/server/entry.mjs" },
  {
    name: "Next.js",
    pages: "next",
    build: "next build",
    serve:
      "node --import=@contextvars/contextvars/servers ../../node_modules/next/dist/bin/next start --hostname=127.0.0.1 --port=PORT",
    line: 'resolveAlias: { "node:async_hooks": { browser: "data:application/json,{}" } }',
  },
];

/** Returns what builds the static page into the folder `dist`. */
function builder(name: string, build: string, line = ""): Bundler {
  const serve = "vite preview --host=127.0.0.1 --port=PORT";
  return { name, pages: "static", build, serve, line };
}
