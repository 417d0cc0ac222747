/**
 * Makes the order of concurrent tasks the program's own: one task at a time has the turn, and hands
 * it back to a driver, which gives it to whom the schedule says.
 *
 * asyncio starts a task later and JavaScript at once, and they count the ticks of an await
 * differently. So a task's first act is to wait for a turn, and it awaits another task only once
 * that one has ended. `interpret.py` has the same.
 */

/** A task, as the driver knows it. */
export interface Participant {
  readonly number: number;
  /** Whom the participant waits for, besides its turn. */
  waitsFor: readonly Participant[];
  turn: PromiseWithResolvers<void>;
  ended: boolean;
}

/** Hands the turn around. */
export class Scheduler {
  readonly #schedule: Iterator<number>;
  readonly #participants: Participant[] = [];
  #handedBack = Promise.withResolvers<void>();
  #current: Participant | undefined;

  constructor(schedule: Iterable<number>) {
    this.#schedule = schedule[Symbol.iterator]();
  }

  /** The number of the participant that has the turn. */
  get current(): number {
    return this.#current!.number;
  }

  /** Adds a participant, who is to await its first turn before anything else. */
  join(): Participant {
    const participant = {
      number: this.#participants.length,
      waitsFor: [],
      turn: Promise.withResolvers<void>(),
      ended: false,
    };
    this.#participants.push(participant);
    return participant;
  }

  /**
   * Hands the turn back, and waits for the next one, which comes after others have ended.
   *
   * @returns Whether they have: not if all wait for one another.
   */
  async wait(others: readonly Participant[] = []): Promise<boolean> {
    const participant = this.#current!;
    participant.waitsFor = others;
    participant.turn = Promise.withResolvers();
    this.#handedBack.resolve();
    await participant.turn.promise;
    return others.every((other) => other.ended);
  }

  /** Takes a participant out, who hands the turn back for good if it has it. */
  leave(participant: Participant): void {
    participant.ended = true;
    if (participant === this.#current) this.#handedBack.resolve();
  }

  /** Gives out turns until all participants have left. */
  async drive(): Promise<void> {
    for (let participant = this.#next(); participant !== undefined; participant = this.#next()) {
      this.#current = participant;
      this.#handedBack = Promise.withResolvers();
      participant.turn.resolve();
      await this.#handedBack.promise;
    }
  }

  #next(): Participant | undefined {
    const playing = this.#participants.filter((participant) => !participant.ended);
    const able = playing.filter((participant) =>
      participant.waitsFor.every((other) => other.ended)
    );
    if (able.length === 0) return playing[0];
    const { done, value } = this.#schedule.next();
    return able[done ? 0 : value % able.length];
  }
}
