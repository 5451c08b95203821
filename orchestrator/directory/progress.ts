import { type Cell, cellKey, type Expansion, type Task } from '../../shared/mod.ts';

/** Which tasks of an expansion are done: a bit a task. */
export class Progress {
  readonly total: number;
  readonly #runs: number;
  /** what all tasks of a sweep have in common; undefined when it has none */
  readonly #common: Pick<Task, 'experiment' | 'seed' | 'numerics'> | undefined;
  readonly #cellIndexes: Map<string, number>;
  /** by object: `cellKey` costs more than the rest of `add`, and the outcomes of a journal share their cells */
  readonly #knownCells = new WeakMap<Cell, number | undefined>();
  readonly #bits: Uint8Array;
  readonly #doneOfCell: Uint32Array;
  #done = 0;

  constructor(expansion: Expansion) {
    const { cells, runs, tasks } = expansion;
    this.#runs = runs;
    this.total = tasks;
    this.#common = tasks === 0 ? undefined : expansion.task(0, 0);
    this.#cellIndexes = new Map(cells.map((cell, index) => [cellKey(cell), index]));
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

  /** Index of the task's cell; undefined when the expansion does not have the task, for instance since an edit of the sweep. */
  #cellIndex(task: Task): number | undefined {
    const common = this.#common;
    if (common === undefined || task.run >= this.#runs) return undefined;
    if (task.experiment !== common.experiment || task.seed !== common.seed || task.numerics !== common.numerics) {
      return undefined;
    }
    if (!this.#knownCells.has(task.cell)) this.#knownCells.set(task.cell, this.#cellIndexes.get(cellKey(task.cell)));
    return this.#knownCells.get(task.cell);
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
