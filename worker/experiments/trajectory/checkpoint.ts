import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EdgesweepError, type Series } from '../../../shared/mod.ts';
import type { Scope } from './recorder.ts';
import type { State } from './training.ts';

/** Of the layout below; a checkpoint of another one cannot be gone on from. */
const FORMAT = 1;
const MAGIC = 'edgesweep checkpoint\n';
const DIGEST_BYTES = 32;

/** All that the rest of a training depends on, at the end of an iteration. */
export type Checkpoint = {
  state: State;
  w: Float32Array;
  /** eigenvectors to start from */
  vectors: ReadonlyMap<Scope, Float64Array>;
  series: Series;
};

const headerSchema = z.object({
  format: z.int(),
  task: z.string(),
  state: z.object({
    iteration: z.int().positive(),
    memory: z.array(z.number()),
    measuredAt: z.int().nonnegative(),
    sharpness: z.number(),
    stepSize: z.number(),
    cost: z.number(),
    products: z.int().nonnegative(),
  }),
  parameters: z.int().positive(),
  vectors: z.array(z.object({ block: z.union([z.literal('all'), z.int()]), length: z.int().positive() })),
  rows: z.int().positive(),
  columns: z.array(z.string()),
});

/**
 * A line that says what it is, a line of JSON, then arrays as the machine has them, one after the other: w (float32), eigenvectors and
 * columns (float64); last the SHA-256 of all before it.
 */
export function encodeCheckpoint(task: string, { state, w, vectors, series }: Checkpoint): Uint8Array {
  const header = {
    format: FORMAT,
    task,
    state,
    parameters: w.length,
    vectors: [...vectors].map(([block, { length }]) => ({ block, length })),
    rows: series.rows,
    columns: [...series.columns.keys()],
  };
  const arrays = [w, ...vectors.values(), ...series.columns.values()];
  const content = Buffer.concat([
    Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`),
    ...arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ]);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

/**
 * @returns undefined for a checkpoint that was not written to its end, or of another task
 * @throws EdgesweepError CHECKPOINT_OTHER_VERSION
 */
export function decodeCheckpoint(task: string, file: Uint8Array, where: string): Checkpoint | undefined {
  const bytes = Buffer.from(file);
  const content = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  const digest = createHash('sha256').update(content).digest();
  if (!digest.equals(bytes.subarray(content.length)) || !content.toString('latin1', 0, MAGIC.length).startsWith(MAGIC))
    return undefined;
  const end = content.indexOf('\n', MAGIC.length);
  const json: unknown = JSON.parse(content.toString('utf8', MAGIC.length, end));
  const format = (json as { format?: unknown }).format;
  if (format !== FORMAT) {
    throw new EdgesweepError('CHECKPOINT_OTHER_VERSION', 'the checkpoint was written by another version of edgesweep', {
      where,
      expected: `format ${FORMAT}`,
      got: `format ${format}`,
      fix: 'remove the file to restart the task, or continue with the version that wrote it',
    });
  }
  const header = headerSchema.parse(json);
  if (header.task !== task) return undefined;
  let offset = end + 1;
  const take = (bytesWanted: number): ArrayBuffer => {
    const { buffer, byteOffset } = content;
    offset += bytesWanted;
    return buffer.slice(byteOffset + offset - bytesWanted, byteOffset + offset) as ArrayBuffer;
  };
  return {
    state: header.state,
    w: new Float32Array(take(4 * header.parameters)),
    vectors: new Map(header.vectors.map(({ block, length }) => [block, new Float64Array(take(8 * length))])),
    series: {
      rows: header.rows,
      columns: new Map(header.columns.map((name) => [name, new Float64Array(take(8 * header.rows))])),
    },
  };
}
