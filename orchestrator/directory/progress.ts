import type { Task } from '../../shared/mod.ts';
import {
  type Expansion,
  type Members,
  membersOf,
  placeInShard,
  runsInShard,
  type Shard,
} from '../../shared/sweep/mod.ts';

/** Which tasks of an expansion are done: a bit a task. Runs beyond those that a cell gets are kept, and count for nothing. */
export class Progress {
  readonly #runs: number;
  readonly #shard: Shard | undefined;
  readonly #wanted: Uint32Array;
  readonly #cellIndex: Members;
  readonly #bits: Uint8Array;
  readonly #doneOfCell: Uint32Array;
  #total: number;
  #done = 0;

  constructor(expansion: Expansion) {
    const { cells, runs, shard } = expansion;
    this.#runs = runs;
    this.#shard = shard;
    this.#wanted = Uint32Array.from(cells, (_, index) => expansion.runsOf(index));
    this.#total = sumOf(this.#wanted);
    this.#cellIndex = membersOf(expansion);
    this.#bits = new Uint8Array(Math.ceil((cells.length * runs) / 8));
    this.#doneOfCell = new Uint32Array(cells.length);
  }

  /** runs that all cells get */
  get total(): number {
    return this.#total;
  }

  get done(): number {
    return this.#done;
  }

  /** How many runs the cell gets. */
  wanted(cellIndex: number): number {
    return this.#wanted[cellIndex];
  }

  /** The runs that the cell gets, and that are not done. */
  *pendingRuns(cellIndex: number): Generator<number> {
    for (const run of runsInShard(this.#shard, cellIndex, this.#wanted[cellIndex]))
      if (!this.isDone(cellIndex, run)) yield run;
  }

  /** Sets how many runs each cell gets. */
  want(wanted: (cellIndex: number) => number): void {
    for (let cell = 0; cell < this.#wanted.length; cell++) {
      this.#wanted[cell] = wanted(cell);
      this.#doneOfCell[cell] = 0;
      for (const run of runsInShard(this.#shard, cell, this.#wanted[cell]))
        if (this.isDone(cell, run)) this.#doneOfCell[cell] += 1;
    }
    this.#total = sumOf(this.#wanted);
    this.#done = sumOf(this.#doneOfCell);
  }

  /** How many runs of those that the cell gets are done. */
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
    if (placeInShard(this.#shard, task.run) >= this.#wanted[cellIndex]) return;
    this.#doneOfCell[cellIndex] += 1;
    this.#done += 1;
  }

  /** Marks the task as not done; one that the expansion does not have, or that is not marked, changes nothing. */
  remove(task: Task): void {
    const cellIndex = this.#cellIndex(task);
    if (cellIndex === undefined || !this.isDone(cellIndex, task.run)) return;
    const position = cellIndex * this.#runs + task.run;
    this.#bits[position >> 3] &= ~(1 << (position & 7));
    if (placeInShard(this.#shard, task.run) >= this.#wanted[cellIndex]) return;
    this.#doneOfCell[cellIndex] -= 1;
    this.#done -= 1;
  }
}

const sumOf = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0);

/**
 * The tasks that are not done, made one by one as they are asked for: the cells in the order given, each with its runs.
 * @param cellOrder indexes of cells
 */
export function* pendingTasks(expansion: Expansion, progress: Progress, cellOrder: Iterable<number>): Generator<Task> {
  for (const cellIndex of cellOrder) {
    if (progress.doneOfCell(cellIndex) === progress.wanted(cellIndex)) continue;
    for (const run of progress.pendingRuns(cellIndex)) yield expansion.task(cellIndex, run);
  }
}
