/** Random numbers that are the same for the same seed on every machine: a xorshift of 32 bits. */

/** A source of random choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Spread: neighbouring seeds would begin alike. And zero would stay zero.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
    for (let i = 0; i < 4; i++) this.below(1);
  }

  /** Returns a whole number from 0 up to `end`, without `end`. */
  below(end: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % end;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
