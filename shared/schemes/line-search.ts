import { z } from 'zod';
import { optimizerFacts } from '../optimizer.ts';
import { defineScheme } from './scheme.ts';

/** Below it the gradient counts as none. */
const SMALLEST_GRADIENT_NORM = 1e-8;
/** Taken when no step size that was tried decreases the loss enough. */
const LAST_RESORT = 1e-6;

/**
 * Backtracking line search with the condition of Armijo, as Vaswani et al. 2019 do it (`sls`): before each step eta grows by
 * growth^(1 / batchesPerEpoch), then shrinks until f(w - eta g) <= f(w) - c eta |g|^2. `growth` 2 with 1 batch in an epoch doubles
 * eta before every step; their own default of 500 batches lets it grow by 1.0014. There is no upper bound.
 */
export const lineSearch = defineScheme({
  kind: 'line-search',
  describe: 'backtracking from the last step size until the loss decreases enough (Armijo)',
  parameters: () => ({
    c: z.number().gt(0).lt(1).describe('required share of the decrease predicted by the gradient'),
    initialStepSize: z.number().positive().max(1e30).describe('before the first step'),
    shrink: z.number().gt(0).lt(1).describe('factor from one try to the next'),
    growth: z.number().min(1).max(1e6).describe('growth per epoch'),
    maxTries: z.int().min(1).max(10_000).describe('maximum number of losses computed per step'),
    batchesPerEpoch: z.int().min(1).max(1e9).describe('1: grows by `growth` before every step'),
  }),
  defaults: { c: 0.1, initialStepSize: 1, shrink: 0.9, growth: 2, maxTries: 100, batchesPerEpoch: 1 },
  layered: false,
  measures: false,
  costs: { measures: 0, losses: 3 },
  fault(optimizer) {
    if (optimizerFacts(optimizer).descends) return undefined;
    return {
      message: 'the steps of this optimiser may go uphill, where the line search finds no step size',
      expected: 'optimizer sgd or rmsprop, whose steps always go downhill',
      fix: 'use another scheme, or another optimiser',
    };
  },
  label: () => 'line search',
  step({ c, initialStepSize, shrink, growth, maxTries, batchesPerEpoch }, { loss, gradientNorm, lossAfter }, [last]) {
    const before = last ?? initialStepSize;
    if (gradientNorm < SMALLEST_GRADIENT_NORM) return { stepSize: 0, memory: [before] };
    let stepSize = before * rootOf(growth, batchesPerEpoch);
    for (let tries = 0; tries < maxTries; tries++) {
      // a loss that is not finite is not below
      if (lossAfter(stepSize) <= loss - c * stepSize * gradientNorm * gradientNorm) {
        return { stepSize, memory: [stepSize] };
      }
      stepSize *= shrink;
    }
    return { stepSize: LAST_RESORT, memory: [LAST_RESORT] };
  },
});

/** growth^(1/n) by bisection, in operations that are the same everywhere, which `Math.pow` is not. */
function rootOf(value: number, n: number): number {
  if (n === 1) return value;
  let [low, high] = [1, value];
  for (let i = 0; i < 60; i++) {
    const middle = low + (high - low) / 2;
    if (power(middle, n) <= value) low = middle;
    else high = middle;
  }
  return low;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}
