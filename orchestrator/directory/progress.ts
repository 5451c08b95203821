import type { Task } from '../../shared/mod.ts';
import { type Expansion, type Members, membersOf } from '../../shared/sweep/mod.ts';

/** Which tasks of an expansion are done: a bit a task. */
export class Progress {
  readonly total: number;
  readonly #runs: number;
  readonly #cellIndex: Members;
  readonly #bits: Uint8Array;
  readonly #doneOfCell: Uint32Array;
  #done = 0;

  constructor(expansion: Expansion) {
    const { cells, runs, tasks } = expansion;
    this.#runs = runs;
    this.total = tasks;
    this.#cellIndex = membersOf(expansion);
    this.#bits = new Uint8Array(Math.ceil(this.total / 8));
    this.#doneOfCell = new Uint32Array(cells.length);
  }

  get done(): number {
    return this.#done;
  }

  /** How many runs of the cell are done. */
  doneOfCell(cellIndex: number): number {
    return this.#doneOfCell[cellIndex];
  }

  isDone(cellIndex: number, run: number): boolean {
    const position = cellIndex * this.#runs + run;
    return (this.#bits[position >> 3] & (1 << (position & 7))) !== 0;
  }

  /** Is the task one of the expansion? */
  includes(task: Task): boolean {
    return this.#cellIndex(task) !== undefined;
  }

  /** Is the task one of the expansion, and done? */
  has(task: Task): boolean {
    const cellIndex = this.#cellIndex(task);
    return cellIndex !== undefined && this.isDone(cellIndex, task.run);
  }

  /** Marks the task as done; one that the expansion does not have, or that is marked already, changes nothing. */
  add(task: Task): void {
    const cellIndex = this.#cellIndex(task);
    if (cellIndex === undefined || this.isDone(cellIndex, task.run)) return;
    const position = cellIndex * this.#runs + task.run;
    this.#bits[position >> 3] |= 1 << (position & 7);
    this.#doneOfCell[cellIndex] += 1;
    this.#done += 1;
  }

  /** Marks the task as not done; one that the expansion does not have, or that is not marked, changes nothing. */
  remove(task: Task): void {
    const cellIndex = this.#cellIndex(task);
    if (cellIndex === undefined || !this.isDone(cellIndex, task.run)) return;
    const position = cellIndex * this.#runs + task.run;
    this.#bits[position >> 3] &= ~(1 << (position & 7));
    this.#doneOfCell[cellIndex] -= 1;
    this.#done -= 1;
  }
}

/**
 * The tasks that are not done, made one by one as they are asked for: the cells in the order given, each with its runs.
 * @param cellOrder indexes of cells
 */
export function* pendingTasks(expansion: Expansion, progress: Progress, cellOrder: Iterable<number>): Generator<Task> {
  for (const cellIndex of cellOrder) {
    if (progress.doneOfCell(cellIndex) === expansion.runs) continue;
    for (let run = 0; run < expansion.runs; run += 1) {
      if (!progress.isDone(cellIndex, run)) yield expansion.task(cellIndex, run);
    }
  }
}
