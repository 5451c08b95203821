import { z } from 'zod';
import { LIMITS, stepSizeSchema } from '../limits.ts';
import { defineScheme } from './scheme.ts';

/** Rises linearly to the step size, eta_t = stepSize min(1, t / iterations) at iteration t = 1, 2, ..., and stays there. */
export const warmUp = defineScheme({
  kind: 'warm-up',
  describe: 'rises linearly from stepSize / iterations to stepSize, and stays there',
  parameters: () => ({
    stepSize: stepSizeSchema().describe('after the warm-up'),
    iterations: z.int().min(1).max(LIMITS.iterations).describe('length of the warm-up, in iterations'),
  }),
  defaults: {},
  layered: false,
  measures: false,
  costs: { measures: 0, losses: 0 },
  label: ({ stepSize, iterations }) => `warm-up ${stepSize} in ${iterations}`,
  step({ stepSize, iterations }, _iterate, [done = 0]) {
    return { stepSize: stepSize * Math.min(1, (done + 1) / iterations), memory: [done + 1] };
  },
});
