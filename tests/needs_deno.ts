/** Skips, with a word, tests of what older versions of Deno do otherwise. */

/** Returns the options of tests that need a version of Deno. */
export function needsDeno(version: string): { readonly ignore: boolean } {
  const found = Deno.version.deno;
  const ignore = found.localeCompare(version, undefined, { numeric: true }) < 0;
  if (ignore) {
    console.log(`some tests are skipped: they need Deno ${version}, and this is ${found}`);
  }
  return { ignore };
}
