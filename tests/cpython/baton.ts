/**
 * Makes the order of concurrent tasks the program's own: one task at a time has the turn, and hands
 * it back to a driver, which gives it to whom the schedule says.
 *
 * asyncio starts a task later and JavaScript at once, and they count the ticks of an await
 * differently. So a task's first act is to wait for a turn, and it awaits another task only once
 * that one has ended. `interpret.py` has the same.
 */

/** A task, as the driver knows it. */
export interface Player {
  readonly number: number;
  /** Whom the player waits for, besides its turn. */
  waitsFor: readonly Player[];
  turn: PromiseWithResolvers<void>;
  ended: boolean;
}

/** Hands the turn around. */
export class Baton {
  readonly #schedule: Iterator<number>;
  readonly #players: Player[] = [];
  #handedBack = Promise.withResolvers<void>();
  #current: Player | undefined;

  constructor(schedule: Iterable<number>) {
    this.#schedule = schedule[Symbol.iterator]();
  }

  /** The number of the player that has the turn. */
  get current(): number {
    return this.#current!.number;
  }

  /** Adds a player, who is to await its first turn before anything else. */
  join(): Player {
    const player = {
      number: this.#players.length,
      waitsFor: [],
      turn: Promise.withResolvers<void>(),
      ended: false,
    };
    this.#players.push(player);
    return player;
  }

  /**
   * Hands the turn back, and waits for the next one, which comes after others have ended.
   *
   * @returns Whether they have: not if all wait for one another.
   */
  async wait(others: readonly Player[] = []): Promise<boolean> {
    const player = this.#current!;
    player.waitsFor = others;
    player.turn = Promise.withResolvers();
    this.#handedBack.resolve();
    await player.turn.promise;
    return others.every((other) => other.ended);
  }

  /** Takes a player out, who hands the turn back for good if it has it. */
  leave(player: Player): void {
    player.ended = true;
    if (player === this.#current) this.#handedBack.resolve();
  }

  /** Gives out turns until all players have left. */
  async drive(): Promise<void> {
    for (let player = this.#next(); player !== undefined; player = this.#next()) {
      this.#current = player;
      this.#handedBack = Promise.withResolvers();
      player.turn.resolve();
      await this.#handedBack.promise;
    }
  }

  #next(): Player | undefined {
    const playing = this.#players.filter((player) => !player.ended);
    const able = playing.filter((player) => player.waitsFor.every((other) => other.ended));
    if (able.length === 0) return playing[0];
    const { done, value } = this.#schedule.next();
    return able[done ? 0 : value % able.length];
  }
}
