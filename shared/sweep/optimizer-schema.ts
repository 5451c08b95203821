import { z } from 'zod';
import type { OPTIMIZERS } from '../optimizer.ts';
import { excludedKind } from './common-schema.ts';
import { DEFAULTS } from './defaults.ts';
import { mapping, numbers, oneOrMore } from './shapes.ts';

/** The key `optimizer` of a grid, as written: each parameter may have several values, and may be omitted; and that of its exclusions. */
export function optimizerKey(optimizers: readonly Omit<(typeof OPTIMIZERS)[number], 'label' | 'edge'>[]) {
  const kinds = optimizers.map(({ kind }) => kind);
  const [first, ...others] = optimizers.map(({ kind, describe, parameters, defaults }) => {
    const written = Object.entries(parameters() as Record<string, z.ZodType<number>>).map(([name, schema]) => {
      const start = (defaults as Record<string, number>)[name];
      return [name, numbers(schema).default(start).describe(`${schema.description}; default: ${start}`)] as const;
    });
    return mapping({ kind: z.literal(kind).describe(describe), ...Object.fromEntries(written) });
  });
  const optimizer = z.discriminatedUnion('kind', [first, ...others], {
    error: ({ code }) => (code === 'invalid_union' ? kinds.join(', ') : undefined),
  });
  return {
    written: oneOrMore(optimizer).default(DEFAULTS.grid.optimizer).describe('update rule; its parameters may be lists'),
    excluded: excludedKind(
      kinds,
      optimizers.flatMap(({ parameters }) => Object.keys(parameters())),
    ),
  };
}
