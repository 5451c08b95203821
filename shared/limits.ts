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

const counts = new Map<number, z.ZodInt>();

/** A whole number from 1. Many keys share a bound, and so the schema. */
export function count(max: number): z.ZodInt {
  const schema = counts.get(max) ?? z.int().min(1).max(max);
  counts.set(max, schema);
  return schema;
}

/** Step sizes are rounded to float32 when used: outside of this they would round to zero or to infinity. */
export const stepSizeSchema = lazily(() => z.number().min(1.1754943508222875e-38).max(3.4028234663852886e38));
