/** Why a task that waited for a thread is given back: the node ends, its sweep is paused or over, or its turn does not come. */
export type CalledOff = 'node' | 'sweep' | 'wait';

type Waiting = { sweep: string; since: number; patient: boolean; begin(calledOff?: CalledOff): void };

/** So long a task waits for a thread, in milliseconds: the task before it takes far longer than expected, and another node may be idle. */
const PATIENCE_MS = 5000;

/** The threads of a node. Each computes one task at a time, in the order in which tasks ask for one. */
export class Turns {
  #free: number;
  #closed = false;
  readonly #waiting = new Set<Waiting>();
  /** tasks that wait for another task, and not yet for a thread */
  readonly #behind = new Set<Waiting>();
  readonly #whenFree: (() => void)[] = [];

  constructor(threads: number) {
    this.#free = threads;
  }

  /**
   * Waits for a thread.
   * @param patient waits however long it takes
   * @returns undefined with the thread, which is to be given back; else why there is none
   */
  async take(sweep: string, patient: boolean): Promise<CalledOff | undefined> {
    if (this.#closed) return 'node';
    if (this.#free > 0) {
      this.#free -= 1;
      return undefined;
    }
    return new Promise((begin) => this.#waiting.add({ sweep, since: performance.now(), patient, begin }));
  }

  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      for (const tell of this.#whenFree.splice(0)) tell();
    } else this.#end(next);
  }

  get isFull(): boolean {
    return this.#free === 0;
  }

  /** Resolves when a thread becomes free that no task waits for. */
  whenFree(): Promise<void> {
    return new Promise((resolve) => this.#whenFree.push(resolve));
  }

  /**
   * Waits for another task, before a turn is asked for.
   * @param patient as in `take`
   * @returns undefined when the other task has ended; else why this one is given back
   */
  async behind(other: Promise<unknown>, sweep: string, patient: boolean): Promise<CalledOff | undefined> {
    if (this.#closed) return 'node';
    return new Promise((begin) => {
      const waiting = { sweep, since: performance.now(), patient, begin };
      this.#behind.add(waiting);
      void other.then(() => this.#end(waiting));
    });
  }

  /** Calls off what waits in vain. @param isListed is it a sweep to work for? */
  look(isListed: (sweep: string) => boolean): void {
    const since = performance.now() - PATIENCE_MS;
    for (const waiting of this.#all()) {
      if (!isListed(waiting.sweep)) this.#end(waiting, 'sweep');
      else if (!waiting.patient && waiting.since < since) this.#end(waiting, 'wait');
    }
  }

  /** Nobody gets a thread from now on. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#all()) this.#end(waiting, 'node');
  }

  #all(): Waiting[] {
    return [...this.#waiting, ...this.#behind];
  }

  #end(waiting: Waiting, calledOff?: CalledOff): void {
    this.#waiting.delete(waiting);
    this.#behind.delete(waiting);
    waiting.begin(calledOff);
  }
}
