import { z } from 'zod';
import { EXPERIMENTS } from '../experiments/mod.ts';
import { type FileSchema, KINDS } from './experiments/mod.ts';

const [first, ...others] = KINDS.map(({ file }) => file) as [FileSchema, ...FileSchema[]];

/** A sweep file as written: one of the experiments. */
export const sweepFileSchema = z.discriminatedUnion('experiment', [first, ...others], {
  error: ({ code }) => (code === 'invalid_union' ? EXPERIMENTS.join(', ') : undefined),
});

/** JSON Schema of sweep files, for editors. */
export function sweepJsonSchema(): Record<string, unknown> {
  return { title: 'edgesweep sweep file', ...z.toJSONSchema(sweepFileSchema, { io: 'input' }) };
}
