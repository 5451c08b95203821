import type { BasicType } from 'hyparquet-writer';
import { COLUMNS, type Series } from './series.ts';

/** In the metadata of the file, by who recorded the series: what its columns mean. */
const ABOUT = {
  trajectory: {
    'edgesweep.series': '1',
    'edgesweep.loss': 'loss of the batch of the iteration before its step',
    'edgesweep.null': 'not measured at this iteration',
  },
  program: { 'edgesweep.series': '1', 'edgesweep.null': 'not reported at this step, or not a number' },
};
type Recorder = keyof typeof ABOUT;

const TYPES: Record<Recorder, (name: string) => { type: BasicType; nullable: boolean }> = {
  trajectory: typeOf,
  program: (name) => (name === 'step' ? { type: 'INT32', nullable: false } : { type: 'DOUBLE', nullable: true }),
};
/** The same of the points of a map. */
const ABOUT_POINTS = {
  'edgesweep.series': '1',
  'edgesweep.divergence': 'iteration of the first loss that is a divergence; null: none',
  'edgesweep.last_ratio': 'mean of the last 20 losses over the first loss; null: diverged',
  'edgesweep.mean_ratio': 'mean of all losses over the first loss; null: diverged',
};

function typeOf(name: string): { type: BasicType; nullable: boolean } {
  if (name === COLUMNS.iteration) return { type: 'INT32', nullable: false };
  if (name === COLUMNS.loss) return { type: 'FLOAT', nullable: false };
  if (/(^|_)products(_layer_\d+)?$/.test(name) || name === 'divergence') return { type: 'INT32', nullable: true };
  if (/_converged(_layer_\d+)?$/.test(name)) return { type: 'BOOLEAN', nullable: true };
  return { type: 'DOUBLE', nullable: !/^(gradient_norm|cost)/.test(name) };
}

/** The series as a Parquet file. What was not measured is null; a value that is not a number and has to be there is NaN. */
export async function encodeSeries({ rows, columns }: Series, recorder: Recorder = 'trajectory'): Promise<Uint8Array> {
  // loaded where there is a series only
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = [...columns].map(([name, values]) => {
    const { type, nullable } = TYPES[recorder](name);
    const used = values.subarray(0, rows);
    if (!nullable) return { name, type, nullable, data: type === 'INT32' ? Int32Array.from(used) : used };
    const cell = (value: number) => (Number.isNaN(value) ? null : type === 'BOOLEAN' ? value === 1 : value);
    return { name, type, nullable, data: Array.from(used, cell) };
  });
  const about = recorder === 'trajectory' && !columns.has(COLUMNS.loss) ? ABOUT_POINTS : ABOUT[recorder];
  const kvMetadata = Object.entries(about).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, rowGroupSize: 100_000, createdBy: 'edgesweep' }));
}

/** More columns than a series has: a damaged file may claim any number. */
const MOST_COLUMNS = 10_000;

/**
 * Reads a file that is as it was written; `decodeUntrusted` reads any other.
 * @param wanted rows that the file has to have
 * @throws whatever reading something else than such a file brings about
 */
export async function decodeSeries(file: Uint8Array, wanted?: number): Promise<Series> {
  const { parquetMetadata, parquetRead } = await import('hyparquet');
  const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(buffer);
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const rows = Number(metadata.num_rows);
  // before there is room made for them
  if (wanted !== undefined && rows !== wanted)
    throw new Error(`${rows} rows, where the result has ${wanted} iterations`);
  if (names.length > MOST_COLUMNS) throw new Error(`${names.length} columns`);
  const columns = new Map(names.map((name) => [name, new Float64Array(rows).fill(Number.NaN)]));
  await parquetRead({
    file: buffer,
    metadata,
    onChunk({ columnName, columnData, rowStart }) {
      const target = columns.get(columnName)!;
      for (let i = 0; i < columnData.length; i++) {
        const value = columnData[i];
        if (value !== null && value !== undefined) target[rowStart + i] = Number(value);
      }
    },
  });
  return { rows, columns };
}
