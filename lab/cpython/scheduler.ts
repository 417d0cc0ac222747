/**
 * Makes the order of concurrent tasks the program's own: one task at a time has the turn, and
 * passes it on to whom the schedule says.
 *
 * asyncio starts a task later and JavaScript at once, and they count the ticks of an await
 * differently. So a task's first act is to wait for a turn, and it awaits another task only once
 * that one has ended. `interpret.py` has the same.
 */

/** A task, as the scheduler knows it. */
export interface Task {
  readonly number: number;
  turn: PromiseWithResolvers<void>;
  /** The tasks that it waits for, besides its turn. */
  waitsFor: readonly Task[];
  ended: boolean;
  /** What it returns, once it was started. */
  result?: Promise<number>;
}

/** Hands the turn around. */
export class Scheduler {
  readonly #schedule: Iterator<number>;
  readonly #tasks: Task[] = [];
  #current: Task | undefined;

  constructor(schedule: Iterable<number>) {
    this.#schedule = schedule[Symbol.iterator]();
  }

  /** The number of the task that has the turn. */
  get current(): number {
    return this.#current!.number;
  }

  get isOver(): boolean {
    return this.#tasks.every(({ ended }) => ended);
  }

  /** Adds a task, which is to await its first turn before anything else. */
  join(): Task {
    const number = this.#tasks.length;
    const task: Task = { number, turn: Promise.withResolvers<void>(), waitsFor: [], ended: false };
    this.#tasks.push(task);
    return task;
  }

  /**
   * Passes the turn on, and waits for the next one, which comes after others have ended.
   *
   * @returns Whether they have: not if all wait for one another.
   */
  async wait(others: readonly Task[] = []): Promise<boolean> {
    const task = this.#current!;
    task.turn = Promise.withResolvers();
    task.waitsFor = others;
    this.passOn();
    await task.turn.promise;
    return others.every(({ ended }) => ended);
  }

  /** Takes out the task that has the turn. */
  leave(task: Task): void {
    task.ended = true;
    this.passOn();
  }

  /** Gives the turn to the next task, if there is one. */
  passOn(): void {
    const playing = this.#tasks.filter(({ ended }) => !ended);
    const able = playing.filter(({ waitsFor }) => waitsFor.every(({ ended }) => ended));
    const pick = able.length > 0 ? this.#schedule.next().value ?? 0 : 0;
    this.#current = able[pick % able.length] ?? playing[0];
    this.#current?.turn.resolve();
  }
}
