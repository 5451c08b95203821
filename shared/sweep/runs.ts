import { z } from 'zod';
import { mapping } from './shapes.ts';

/** Runs are added to a cell in blocks, until an interval is narrow enough. */
export type AdaptiveRuns = { until: { ci95: number; of: string }; block: number; most: number };

/** @param of what the interval is of */
export const adaptiveRuns = <const Of extends string>(of: Of) =>
  mapping({
    until: mapping({
      ci95: z
        .number()
        .positive()
        .max(1)
        .describe('half of the 95 % interval relative to its middle: 0.02 asks for ± 2 %'),
      of: z
        .literal(of)
        .default(of as never)
        .describe('what the interval is of'),
    }).describe('when a cell has enough runs'),
    block: z
      .int()
      .min(2)
      .default(10)
      .describe('runs that are added to a cell at once; decided from complete blocks alone'),
    most: z.int().positive().default(1000).describe('runs of a cell, at most'),
  }).superRefine(({ block, most }, context) => {
    if (context.issues.length > 0 || most >= block) return;
    const params = {
      expected: `at least a block, ${block}`,
      got: String(most),
      fix: 'raise `runs.most`, or lower `runs.block`',
    };
    context.addIssue({ code: 'custom', path: ['most'], message: 'fewer runs than one block', params });
  });

/** Why a cell gets no more runs: its interval is `narrow` enough, or it has the `most` that are allowed; null: runs are missing. */
export type Stop = 'narrow' | 'most' | null;

export const isAdaptive = (runs: number | AdaptiveRuns): runs is AdaptiveRuns => typeof runs === 'object';

/** Runs of a cell, at most. */
export const mostRuns = (runs: number | AdaptiveRuns): number => (isAdaptive(runs) ? runs.most : runs);
