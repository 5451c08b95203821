import { eigenvalueColumns, type Matrix, productsColumn, type Scope, type Series } from '../../../shared/mod.ts';
import type { Solution } from '../../eigen/mod.ts';

/** The columns of what was found of a block of the matrix. */
export function* eigenReadings(
  matrix: Matrix,
  block: Scope,
  { largest, smallest, products }: Solution,
): Generator<[column: string, value: number]> {
  for (const [end, pairs] of Object.entries({ largest, smallest }) as ['largest' | 'smallest', typeof largest][]) {
    for (const [i, { value, residual, converged }] of pairs.entries()) {
      const columns = eigenvalueColumns(matrix, block, { end, k: i + 1 });
      yield [columns.value, value];
      yield [columns.residual, residual];
      yield [columns.converged, Number(converged)];
    }
  }
  yield [productsColumn(matrix, block), products];
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

  /** As it stands: the columns are those that are written on. */
  series(): Series {
    const rows = this.#rows;
    return { rows, columns: new Map([...this.#columns].map(([name, column]) => [name, column.subarray(0, rows)])) };
  }
}
