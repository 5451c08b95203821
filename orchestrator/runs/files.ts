import { stringify } from 'csv-stringify/sync';
import type { BasicType, ColumnSource } from 'hyparquet-writer';
import { oneLine } from '../../shared/mod.ts';
import type { Column } from './columns.ts';
import type { ValueType } from './fields.ts';
import type { Run } from './read.ts';

/** So many rows become text at once. */
const ROWS_AT_ONCE = 10_000;

/** A line per run below the names of the columns, in parts. What is not known is empty, truth values are `true` and `false`. */
export function* csvText(runs: readonly Run[], columns: readonly Column[]): Generator<string> {
  yield stringify([columns.map(({ name }) => name)]);
  for (let start = 0; start < runs.length; start += ROWS_AT_ONCE) {
    const rows = runs.slice(start, start + ROWS_AT_ONCE).map((run) => columns.map(({ read }) => read(run)));
    yield stringify(rows, { cast: { boolean: String, string: oneLine } });
  }
}

const PARQUET_TYPES: Readonly<Record<ValueType, BasicType>> = {
  // seeds and costs may be above 2^31
  integer: 'INT64',
  number: 'DOUBLE',
  string: 'STRING',
  boolean: 'BOOLEAN',
};

/** A Parquet file with a row per run. What is not known is null. */
export async function parquetFile(runs: readonly Run[], columns: readonly Column[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map(({ name, type, read }): ColumnSource => {
    const data = runs.map((run) => {
      const value = read(run);
      return type === 'integer' && value !== null ? BigInt(value) : value;
    });
    return { name, type: PARQUET_TYPES[type], nullable: true, data };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 100_000, createdBy: 'edgesweep' }));
}
