import { z } from 'zod';
import { fullKey } from '../../../cell-keys.ts';
import { type Cell, reader } from '../../../experiments/mod.ts';
import type { Problem } from '../../problems.ts';
import { mapping } from '../../shapes.ts';

export const SCALES = ['linear', 'log'] as const;
export type Scale = (typeof SCALES)[number];

/** What of a sweep stands where in its figure. What is left out is chosen from the keys that vary. */
export const figureSchema = (key: z.ZodType<string>) =>
  mapping({
    x: key.optional().describe('grid key of the horizontal axis'),
    facet: key.optional().describe('grid key of the panels, one per value'),
    color: key.optional().describe('grid key of the lines, one per value'),
    scale: mapping({
      x: z.enum(SCALES).optional().describe('scale of the horizontal axis'),
      y: z.enum(SCALES).optional().describe('scale of the step sizes'),
    }).optional(),
  });
export type Figure = z.output<ReturnType<typeof figureSchema>>;

/** A key in two places, or a logarithm of names. */
export function figureProblems(figure: Figure, cells: readonly Cell[]): Problem[] {
  const seen = new Map<string, string>();
  const repeated = (['x', 'facet', 'color'] as const).flatMap((place): Problem[] => {
    const key = figure[place];
    if (key === undefined) return [];
    const full = fullKey(key);
    const before = seen.get(full);
    seen.set(full, place);
    if (before === undefined) return [];
    const message = `\`${key}\` is used twice in the figure, as ${before} and as ${place}`;
    return [{ path: ['figure', place], message, expected: 'each key once', got: key, fix: 'remove one of the two' }];
  });
  if (repeated.length > 0 || figure.scale?.x !== 'log' || figure.x === undefined) return repeated;
  const read = reader(fullKey(figure.x));
  const name = cells.map(read).find((value) => typeof value !== 'number');
  if (name === undefined) return [];
  const message = `\`${figure.x}\` has no logarithm`;
  const fix = 'use a linear scale, or another key';
  return [{ path: ['figure', 'scale', 'x'], message, expected: 'only numbers', got: String(name), fix }];
}
