import type { ExperimentName, Outcome, ResultOf, Task } from '../../shared/mod.ts';
import {
  type Expansion,
  isAdaptive,
  membersOf,
  type Stop,
  type Sweep,
  type SweepNamed,
} from '../../shared/sweep/mod.ts';

/** How an experiment tells when its runs are enough. */
export type Adaptive<Name extends ExperimentName> = {
  /** Cells of the same text get the same runs. */
  unitOf(sweep: SweepNamed<Name>, cell: Task['cell']): string;
  /**
   * Half of the 95 % interval relative to its middle.
   * @param results of the cells of a unit, each with those of runs 0, 1, ... of complete blocks
   * @returns null where there is no finite one
   */
  width(
    sweep: SweepNamed<Name>,
    cells: readonly Task['cell'][],
    results: readonly (readonly ResultOf<Name>[])[],
  ): number | null;
};

type Unit = { cells: number[]; wanted: number; width: number | null; stop: Stop };

/**
 * How many runs each cell gets. A unit starts with one block of runs and gets another one as long as its interval is too wide. That is decided
 * from the runs of complete blocks alone, so which runs there are in the end does not depend on threads, machines or interruptions: runs
 * beyond them, from another sweep file perhaps, count for nothing.
 */
export class Growth {
  readonly #sweep: Sweep;
  readonly #expansion: Expansion;
  readonly #adaptive: Adaptive<never>;
  readonly #cellOf: (task: Task) => number | undefined;
  readonly #units: Unit[];
  readonly #unitOfCell: Unit[] = [];
  readonly #results: ResultOf<ExperimentName>[][];

  constructor(sweep: Sweep, expansion: Expansion, adaptive: Adaptive<never>) {
    this.#sweep = sweep;
    this.#expansion = expansion;
    this.#adaptive = adaptive;
    this.#cellOf = membersOf(expansion);
    this.#results = expansion.cells.map(() => []);
    const units = new Map<string, Unit>();
    for (const [index, cell] of expansion.cells.entries()) {
      const text = adaptive.unitOf(sweep as never, cell);
      const unit = units.get(text) ?? { cells: [], wanted: this.#rule.block, width: null, stop: null };
      units.set(text, unit);
      unit.cells.push(index);
      this.#unitOfCell[index] = unit;
    }
    this.#units = [...units.values()];
  }

  get #rule() {
    const { runs } = this.#sweep;
    if (!isAdaptive(runs)) throw new RangeError('the runs of this sweep are fixed');
    return runs;
  }

  /** Outcomes of other sweeps are passed over. */
  add({ task, result }: Outcome): void {
    const index = this.#cellOf(task);
    if (index !== undefined) this.#results[index][task.run] = result;
  }

  /** Forgets the outcome of a task, and what was decided from it. */
  remove(task: Task): void {
    const index = this.#cellOf(task);
    if (index === undefined) return;
    delete this.#results[index][task.run];
    Object.assign(this.#unitOfCell[index], { wanted: this.#rule.block, width: null, stop: null });
  }

  /** Adds blocks where they are needed and the ones before are complete. */
  grow(): void {
    for (const unit of this.#units) while (this.#advance(unit));
  }

  /** @returns whether the unit wants more than before */
  #advance(unit: Unit): boolean {
    const { block, most, until } = this.#rule;
    if (unit.stop !== null || !unit.cells.every((index) => this.#isComplete(index, unit.wanted))) return false;
    const results = unit.cells.map((index) => this.#results[index].slice(0, unit.wanted));
    const cells = unit.cells.map((index) => this.#expansion.cells[index]);
    unit.width = this.#adaptive.width(this.#sweep as never, cells, results as never);
    if (unit.width !== null && unit.width <= until.ci95) unit.stop = 'narrow';
    else if (unit.wanted === most) unit.stop = 'most';
    else unit.wanted = Math.min(most, unit.wanted + block);
    return unit.stop === null;
  }

  #isComplete(index: number, runs: number): boolean {
    const results = this.#results[index];
    for (let run = 0; run < runs; run++) if (results[run] === undefined) return false;
    return true;
  }

  /** Runs that the cell gets, as far as that is decided. */
  wanted = (index: number): number => this.#unitOfCell[index].wanted;

  stop = (index: number): Stop => this.#unitOfCell[index].stop;

  /** Tasks, and the cells by why they got no more. */
  counts(): { tasks: number; narrow: number; most: number; missing: number } {
    const counts = { tasks: 0, narrow: 0, most: 0, missing: 0 };
    for (const { wanted, stop } of this.#unitOfCell) {
      counts.tasks += wanted;
      counts[stop ?? 'missing'] += 1;
    }
    return counts;
  }

  /** Cells with the widest interval first, those without one before them. */
  widestFirst(): number[] {
    const width = (index: number) => this.#unitOfCell[index].width ?? Number.POSITIVE_INFINITY;
    const order = this.#expansion.cells.map((_, index) => index);
    // two infinities have no difference
    return order.sort((a, b) => (width(a) === width(b) ? a - b : width(b) - width(a)));
  }
}
