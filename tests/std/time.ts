/** `@std/testing/time`, where JSR cannot be reached: its `FakeTime`, by the clock of sinon. */

import FakeTimers from "@sinonjs/fake-timers";

/** Takes the place of the clock until it is restored. */
export class FakeTime implements Disposable {
  readonly #clock = FakeTimers.install();

  tick(ms = 0): void {
    this.#clock.tick(ms);
  }

  async tickAsync(ms = 0): Promise<void> {
    await this.#clock.tickAsync(ms);
  }

  restore(): void {
    this.#clock.uninstall();
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}
