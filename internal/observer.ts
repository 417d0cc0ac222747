/** What the core asks and tells debug mode, which puts its own functions here. */
export const observer: {
  /** Says why a variable has no value, behind what the `LookupError` says itself. */
  reasonOf(variable: object): string;
  /**
   * Hears that a `defaultFactory` was called outside any task, where nothing keeps what it made.
   */
  madeOutside(variable: object): void;
} = { reasonOf: () => "", madeOutside: () => {} };
