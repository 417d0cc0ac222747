/**
 * Generators that stay in one context. By itself, a generator's body runs in the context of whoever
 * calls `next`, `return` or `throw`; here each of these steps enters the generator's own frame.
 */

import { callIn, type Frame } from "./frame.ts";

type AnyGenerator = Generator<unknown, unknown> | AsyncGenerator<unknown, unknown>;
type Step = (...args: unknown[]) => unknown;

/** The two kinds of functions that make generators, by their `Symbol.toStringTag`. */
export type GeneratorKind = "GeneratorFunction" | "AsyncGeneratorFunction";

const STEPS = ["next", "return", "throw"] as const;

/** Returns which kind of generator function a function is, if it is one. */
export function generatorKind(fn: object): GeneratorKind | undefined {
  const { [Symbol.toStringTag]: tag } = fn as { readonly [Symbol.toStringTag]?: unknown };
  return tag === "GeneratorFunction" || tag === "AsyncGeneratorFunction" ? tag : undefined;
}

/** Makes every step of a generator run in a frame, and returns the generator. */
export function bindGenerator(
  generator: AnyGenerator,
  kind: GeneratorKind,
  frame: Frame,
): AnyGenerator {
  // A task that the body has started may ask for the next step: contexts would refuse that.
  const inFrame = (step: Step, args: unknown[]) => callIn(frame, step, generator, args);

  // Runtimes differ in the context of a step that is asked for during another one. Here it waits.
  let last: Promise<unknown> | undefined;
  const inOrder = (step: Step, args: unknown[]): Promise<unknown> => {
    const start = () => inFrame(step, args) as Promise<unknown>;
    const result = last === undefined ? start() : last.then(start, start);
    last = result;
    // This promise has no handler yet: the runtime reports a rejection that nobody awaits.
    return result.then((value) => {
      if (last === result) last = undefined;
      return value;
    });
  };

  const run = kind === "GeneratorFunction" ? inFrame : inOrder;
  for (const name of STEPS) {
    const step = generator[name] as Step;
    const value = (...args: unknown[]) => run(step, args);
    // Not by an assignment: that fails where the prototypes are frozen.
    Object.defineProperty(generator, name, { value, writable: true, configurable: true });
  }
  return generator;
}
