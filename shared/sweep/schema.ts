import { z } from 'zod';
import { EXPERIMENTS } from '../experiments/mod.ts';
import { lazily } from '../lazily.ts';
import { type FileSchema, KINDS, kindIn, type Plan } from './experiments/mod.ts';

/** A sweep file as written: one of the experiments. */
export const sweepFileSchema = lazily(() => {
  const [first, ...others] = KINDS.map(({ file }) => file()) as [FileSchema, ...FileSchema[]];
  return z.discriminatedUnion('experiment', [first, ...others], {
    error: ({ code }) => (code === 'invalid_union' ? EXPERIMENTS.join(', ') : undefined),
  });
});

/**
 * Checks a sweep file by the schema of the experiment that it names, which alone is built for it; one that names none is refused by all together.
 * A file is read once: to compile the schema, as zod does by default, would take longer than to walk through it.
 */
export const parseSweepFile = (written: unknown): z.ZodSafeParseResult<Plan> =>
  (kindIn(written)?.file() ?? sweepFileSchema()).safeParse(written, { jitless: true }) as z.ZodSafeParseResult<Plan>;

/** JSON Schema of sweep files, for editors. */
export function sweepJsonSchema(): Record<string, unknown> {
  return { title: 'edgesweep sweep file', ...z.toJSONSchema(sweepFileSchema(), { io: 'input' }) };
}
