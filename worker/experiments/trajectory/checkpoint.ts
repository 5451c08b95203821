import { createHash } from 'node:crypto';
import { z } from 'zod';
import { columnOf, EdgesweepError, type Series, sharpnessColumn } from '../../../shared/mod.ts';
import type { Vectors } from './point.ts';
import { type State, WEIGHTS } from './training.ts';

/** Of the layout below; a training cannot resume from a checkpoint of another one. */
const FORMAT = 2;
const MAGIC = 'edgesweep checkpoint\n';
const DIGEST_BYTES = 32;

/** All that the rest of a training depends on, at the end of an iteration. */
export type Checkpoint = {
  state: State;
  vectors: Readonly<Vectors>;
  series: Series;
};

const stateSchema = z.object({
  iteration: z.int().positive(),
  memory: z.array(z.number()),
  measuredAt: z.int().nonnegative(),
  sharpness: z.number(),
  stepSize: z.number(),
  cost: z.number(),
  products: z.int().nonnegative(),
});

const NUMBERS = { float32: Float32Array, float64: Float64Array };

const headerSchema = z.object({
  task: z.string(),
  state: stateSchema,
  vectors: z.array(
    z.object({ name: z.string(), numbers: z.enum(['float32', 'float64']), length: z.int().nonnegative() }),
  ),
  rows: z.int().positive(),
  columns: z.array(z.string()),
});
type Header = z.infer<typeof headerSchema>;

/** The first layout: weights, then eigenvectors of the Hessian, and no other vectors. */
const firstSchema = z
  .object({
    ...headerSchema.shape,
    parameters: z.int().positive(),
    vectors: z.array(z.object({ block: z.union([z.literal('all'), z.int()]), length: z.int().positive() })),
  })
  .transform(
    ({ parameters, vectors, ...rest }): Header => ({
      ...rest,
      vectors: [
        { name: WEIGHTS, numbers: 'float32', length: parameters },
        ...vectors.map(({ block, length }) => ({
          name: columnOf(sharpnessColumn('hessian'), block),
          numbers: 'float64' as const,
          length,
        })),
      ],
    }),
  );

/** Those that can be read, by their number. */
const LAYOUTS: Readonly<Record<number, z.ZodType<Header>>> = { 1: firstSchema, [FORMAT]: headerSchema };

/**
 * A line that says what it is, a line of JSON, then arrays as the machine has them, one after the other: vectors, and columns (float64);
 * last the SHA-256 of all before it.
 */
export function encodeCheckpoint(task: string, { state, vectors, series }: Checkpoint): Uint8Array {
  const header: Header & { format: number } = {
    format: FORMAT,
    task,
    state: { ...state, memory: [...state.memory] },
    vectors: [...vectors].map(([name, vector]) => ({
      name,
      numbers: vector instanceof Float32Array ? 'float32' : 'float64',
      length: vector.length,
    })),
    rows: series.rows,
    columns: [...series.columns.keys()],
  };
  const arrays = [...vectors.values(), ...series.columns.values()];
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
  const layout = LAYOUTS[format as number];
  if (layout === undefined) {
    throw new EdgesweepError('CHECKPOINT_OTHER_VERSION', 'the checkpoint was written by another version of edgesweep', {
      where,
      expected: `format ${FORMAT}`,
      got: `format ${format}`,
      fix: 'remove the file to restart the task, or continue with the version that wrote it',
    });
  }
  const header = layout.parse(json);
  if (header.task !== task) return undefined;
  let offset = end + 1;
  const take = (bytesWanted: number): ArrayBuffer => {
    const { buffer, byteOffset } = content;
    offset += bytesWanted;
    return buffer.slice(byteOffset + offset - bytesWanted, byteOffset + offset) as ArrayBuffer;
  };
  const vectors = header.vectors.map(({ name, numbers, length }): [string, Float32Array | Float64Array] => {
    const Numbers = NUMBERS[numbers];
    return [name, new Numbers(take(Numbers.BYTES_PER_ELEMENT * length))];
  });
  return {
    state: header.state,
    vectors: new Map(vectors),
    series: {
      rows: header.rows,
      columns: new Map(header.columns.map((name) => [name, new Float64Array(take(8 * header.rows))])),
    },
  };
}
