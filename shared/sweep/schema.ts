import { z } from 'zod';
import { EXPERIMENTS } from '../task.ts';
import { searchFileSchema } from './search-schema.ts';
import { trajectoryFileSchema } from './trajectory-schema.ts';

/** A sweep file as written: one of the experiments. */
export const sweepFileSchema = z.discriminatedUnion('experiment', [searchFileSchema, trajectoryFileSchema], {
  error: ({ code }) => (code === 'invalid_union' ? EXPERIMENTS.join(', ') : undefined),
});

type WithRows<File extends { table: { rows?: unknown } }> = Omit<File, 'table'> & {
  table: Omit<File['table'], 'rows'> & { rows: NonNullable<File['table']['rows']> };
};

/** A sweep with every default filled in. The keys of the grid are in the order of the product. */
export type SearchSweep = WithRows<z.output<typeof searchFileSchema>>;
export type TrajectorySweep = WithRows<z.output<typeof trajectoryFileSchema>>;
export type Sweep = SearchSweep | TrajectorySweep;

/** JSON Schema of sweep files, for editors. */
export function sweepJsonSchema(): Record<string, unknown> {
  return { title: 'edgesweep sweep file', ...z.toJSONSchema(sweepFileSchema, { io: 'input' }) };
}
