import type { Outcome } from '../../../shared/mod.ts';
import { type Expansion, expand, type Members, membersOf, type Sweep } from '../../../shared/sweep/mod.ts';
import { type Growth, growthOf } from '../../adaptive/mod.ts';
import { viewOf } from '../../experiments/mod.ts';
import type { CellColumns } from '../wire.ts';
import { include, noSums, type Sums, statisticsOf } from './cell-sums.ts';

/** Where the line of each task is: 12 bytes a task, besides what a cell costs. */
const NONE = -1;

/** What the page knows of a sweep: sums for each cell, and for each task where its line is. */
export class SweepModel {
  readonly sweep: Sweep;
  readonly expansion: Expansion;
  readonly measures: readonly string[];
  /** outcomes of tasks that the sweep no longer has */
  others = 0;
  seconds = 0;
  readonly hosts = new Map<string, number>();
  readonly engines = new Map<string, number>();
  /** increases by one with each batch of outcomes */
  version = 0;
  /** the cell of a task; undefined for one that is not of the sweep */
  readonly cellOf: Members;
  readonly #read: ((result: never) => number | null)[];
  readonly #offset: Float64Array;
  readonly #bytes: Uint32Array;
  readonly #done: Uint32Array;
  readonly #seconds: Float64Array;
  readonly #sums: Sums[];
  readonly #changed: Uint32Array;
  /** undefined where the runs are fixed */
  readonly #growth: Growth | undefined;
  /** runs that each cell gets, as far as that is decided */
  readonly #wanted: Uint32Array;

  constructor(sweep: Sweep) {
    this.sweep = sweep;
    this.expansion = expand(sweep);
    const { cells, runs } = this.expansion;
    const places = cells.length * runs;
    this.cellOf = membersOf(this.expansion);
    const measures = measuresOf(sweep);
    this.measures = measures.map(({ name }) => name);
    this.#read = measures.map(({ read }) => read);
    this.#offset = new Float64Array(places).fill(NONE);
    this.#bytes = new Uint32Array(places);
    this.#done = new Uint32Array(cells.length);
    this.#seconds = new Float64Array(cells.length);
    this.#changed = new Uint32Array(cells.length);
    this.#growth = growthOf(sweep, this.expansion);
    this.#wanted = Uint32Array.from(cells, (_, cell) => this.#growth?.wanted(cell) ?? this.expansion.runsOf(cell));
    this.#sums = measures.map(() => noSums(cells.length));
  }

  /** runs that all cells get */
  get total(): number {
    return sumOf(this.#wanted);
  }

  /** how many of them are recorded */
  get done(): number {
    return this.#growth === undefined ? sumOf(this.#done) : sumOf(this.#done.map((_, cell) => this.doneOfCell(cell)));
  }

  /** Can it be restored? What decides how many runs a cell gets are their results, which are not saved. */
  get isSaveable(): boolean {
    return this.#growth === undefined;
  }

  /** Marks what is added next as one batch. */
  nextBatch(): void {
    this.version += 1;
  }

  /** Ends a batch: cells may now get more runs. */
  endBatch(): void {
    if (this.#growth === undefined) return;
    this.#growth.grow();
    for (let cell = 0; cell < this.#wanted.length; cell += 1) {
      const wanted = this.#growth.wanted(cell);
      if (this.#wanted[cell] === wanted) continue;
      this.#wanted[cell] = wanted;
      this.#changed[cell] = this.version;
    }
  }

  /**
   * Adds an outcome whose line is at that place.
   * @returns the place of an earlier line of the same task, which has to have the same result; undefined for a first one
   */
  add(outcome: Outcome, offset: number, bytes: number): Place | undefined {
    const { task, result, provenance } = outcome;
    const cell = this.cellOf(task);
    if (cell === undefined) {
      this.others += 1;
      return undefined;
    }
    const position = cell * this.expansion.runs + task.run;
    if (this.#offset[position] !== NONE) return { offset: this.#offset[position], bytes: this.#bytes[position] };
    this.#offset[position] = offset;
    this.#bytes[position] = bytes;
    this.#growth?.add(outcome);
    this.#done[cell] += 1;
    this.#seconds[cell] += provenance.seconds;
    this.seconds += provenance.seconds;
    this.#changed[cell] = this.version;
    count(this.hosts, provenance.host);
    count(this.engines, provenance.engine);
    for (let i = 0; i < this.#read.length; i += 1) {
      const value = this.#read[i](result as never);
      if (value !== null) include(this.#sums[i], cell, value);
    }
    return undefined;
  }

  /** The place of a run's line; undefined when it is not recorded. */
  placeOf(cell: number, run: number): Place | undefined {
    if (run >= this.expansion.runs) return undefined;
    const position = cell * this.expansion.runs + run;
    const offset = this.#offset[position];
    return offset === undefined || offset === NONE ? undefined : { offset, bytes: this.#bytes[position] };
  }

  wanted(cell: number): number {
    return this.#wanted[cell];
  }

  /** How many of the runs that the cell gets are recorded. */
  doneOfCell(cell: number): number {
    if (this.#growth === undefined) return this.#done[cell];
    const first = cell * this.expansion.runs;
    return this.#offset.subarray(first, first + this.#wanted[cell]).reduce((n, at) => (at === NONE ? n : n + 1), 0);
  }

  /** All that was added, to continue from later. */
  save(): SavedModel {
    const { others, seconds, hosts, engines } = this;
    return { facts: { others, seconds, hosts: [...hosts], engines: [...engines] }, arrays: this.#arrays() };
  }

  /** @returns whether what was saved is of such a sweep */
  restore({ facts, bytes }: { facts: SavedModel['facts']; bytes: Buffer }): boolean {
    const arrays = this.#arrays();
    if (arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) !== bytes.length) return false;
    let from = 0;
    for (const { buffer, byteLength } of arrays) {
      bytes.copy(new Uint8Array(buffer), 0, from, from + byteLength);
      from += byteLength;
    }
    Object.assign(this, { others: facts.others, seconds: facts.seconds });
    for (const [name, outcomes] of facts.hosts) this.hosts.set(name, outcomes);
    for (const [name, outcomes] of facts.engines) this.engines.set(name, outcomes);
    return true;
  }

  /** The measures of a result; null where it has none. */
  read(result: Outcome['result']): Record<string, number | null> {
    return Object.fromEntries(this.measures.map((name, i) => [name, this.#read[i](result as never)]));
  }

  #arrays(): SavedModel['arrays'] {
    const sums = this.#sums.flatMap(({ n, mean, m2, min, max }) => [n, mean, m2, min, max]);
    return [this.#offset, this.#bytes, this.#done, this.#seconds, ...sums];
  }

  /** @param since only the cells that changed after this version; undefined: all */
  columns(epoch: number, since?: number): CellColumns {
    const all = this.#done.length;
    const cells: number[] = [];
    for (let cell = 0; cell < all; cell += 1) if (since === undefined || this.#changed[cell] > since) cells.push(cell);
    const pick = (values: ArrayLike<number>) => cells.map((cell) => values[cell]);
    return {
      epoch,
      version: this.version,
      cells: since === undefined ? null : cells,
      done: cells.map((cell) => this.doneOfCell(cell)),
      wanted: pick(this.#wanted),
      seconds: pick(this.#seconds),
      statistics: Object.fromEntries(this.measures.map((name, i) => [name, statisticsOf(this.#sums[i], cells)])),
    };
  }
}

type Measure = { name: string; read: (result: never) => number | null };

/** Those that every result of the sweep has by name, such as a program's metrics, then those of the experiment. */
function measuresOf(sweep: Sweep): Measure[] {
  const view = viewOf(sweep.experiment);
  const usual = Object.entries(view.measures).map(([name, read]) => ({ name, read }));
  const named = view.named?.(sweep as never) ?? [];
  return [...named.flatMap((name) => (view.measure === undefined ? [] : { name, read: view.measure(name) })), ...usual];
}

/** A model as it is written to a file. */
export type SavedModel = {
  facts: { others: number; seconds: number; hosts: [string, number][]; engines: [string, number][] };
  arrays: (Float64Array | Uint32Array)[];
};

type Place = { offset: number; bytes: number };

function count(tally: Map<string, number>, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

const sumOf = (counts: Uint32Array): number => counts.reduce((sum, count) => sum + count, 0);
