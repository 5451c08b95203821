import {
  COLUMNS,
  convergedColumn,
  largestColumn,
  layerColumn,
  PRODUCTS,
  residualColumn,
  type Series,
  schemeOf,
  smallestColumn,
  type TrajectoryCell,
} from '../../../shared/mod.ts';
import type { Solution } from '../../eigen/mod.ts';

/** The whole network, or a layer by its index from 0. */
export type Scope = 'all' | number;

export const columnOf = (name: string, block: Scope): string => (block === 'all' ? name : layerColumn(name, block + 1));

/** The names of the columns of a cell's series, in order. */
export function columnNames({ depth, scheme, trajectory: { layers, solver } }: TrajectoryCell): string[] {
  const layerBlocks: Scope[] = Array.from({ length: depth }, (_, l) => l);
  const { layered } = schemeOf(scheme);
  const measured: Scope[] = layers || layered ? ['all', ...layerBlocks] : ['all'];
  const eigenvalues = Array.from({ length: solver.top }, (_, k) => largestColumn(k + 1));
  if (solver.kind === 'lanczos' && solver.bothEnds) {
    eigenvalues.push(...Array.from({ length: solver.top }, (_, k) => smallestColumn(k + 1)));
  }
  return [
    COLUMNS.iteration,
    COLUMNS.loss,
    ...(layered ? layerBlocks.map((block) => columnOf(COLUMNS.stepSize, block)) : [COLUMNS.stepSize]),
    ...['all' as const, ...layerBlocks].map((block) => columnOf(COLUMNS.gradientNorm, block)),
    ...measured.flatMap((block) => [
      ...eigenvalues.flatMap((name) =>
        [name, residualColumn(name), convergedColumn(name)].map((column) => columnOf(column, block)),
      ),
      columnOf(PRODUCTS, block),
    ]),
    COLUMNS.cost,
  ];
}

/** Rows that a table of columns has room for at first. */
const FIRST_ROWS = 1024;

/** Collects a series row by row. */
export class Recorder {
  readonly #columns: Map<string, Float64Array>;
  #rows = 0;

  /** @param earlier columns of a checkpoint, as many rows each */
  constructor(names: readonly string[], earlier?: Series) {
    this.#rows = earlier?.rows ?? 0;
    this.#columns = new Map(
      names.map((name) => {
        const column = new Float64Array(Math.max(FIRST_ROWS, 2 * this.#rows)).fill(Number.NaN);
        column.set(earlier?.columns.get(name)?.subarray(0, this.#rows) ?? []);
        return [name, column];
      }),
    );
  }

  /** Begins the row of the next iteration. */
  next(): void {
    this.#rows += 1;
    for (const [name, column] of this.#columns) {
      if (column.length >= this.#rows) return;
      const longer = new Float64Array(2 * column.length).fill(Number.NaN);
      longer.set(column);
      this.#columns.set(name, longer);
    }
  }

  /** Sets a value of the row that was begun last; a column that the cell does not record is passed over. */
  set(name: string, value: number): void {
    const column = this.#columns.get(name);
    if (column !== undefined) column[this.#rows - 1] = value;
  }

  /** What a measurement of the block found. */
  measured(block: Scope, { largest, smallest, products }: Solution): void {
    const pairs = [
      ...largest.map((pair, k) => [largestColumn(k + 1), pair] as const),
      ...smallest.map((pair, k) => [smallestColumn(k + 1), pair] as const),
    ];
    for (const [name, { value, residual, converged }] of pairs) {
      this.set(columnOf(name, block), value);
      this.set(columnOf(residualColumn(name), block), residual);
      this.set(columnOf(convergedColumn(name), block), Number(converged));
    }
    this.set(columnOf(PRODUCTS, block), products);
  }

  /** As it stands: the columns are those that are written on. */
  series(): Series {
    const rows = this.#rows;
    return { rows, columns: new Map([...this.#columns].map(([name, column]) => [name, column.subarray(0, rows)])) };
  }
}
