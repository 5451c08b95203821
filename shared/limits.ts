import { z } from 'zod';
import { lazily } from './lazily.ts';

/** Bounds on what a cell may ask for, so that a slipped digit is an error and not an absurdly large network. */
export const LIMITS = {
  depth: 1000,
  width: 100_000,
  dimensions: 100_000,
  examples: 10_000_000,
  steps: 10_000_000,
  iterations: 1_000_000,
  products: 10_000,
  eigenvalues: 1000,
  batches: 100_000,
  initializations: 100_000,
} as const;

export const count = (max: number) => z.int().min(1).max(max);

/** Step sizes are rounded to float32 when used: outside of this they would round to zero or to infinity. */
export const stepSizeSchema = lazily(() => z.number().min(1.1754943508222875e-38).max(3.4028234663852886e38));
