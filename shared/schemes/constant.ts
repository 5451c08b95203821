import { stepSizeSchema } from '../limits.ts';
import { defineScheme } from './scheme.ts';

/** The same step size at every iteration. */
export const constant = defineScheme({
  kind: 'constant',
  describe: 'the same step size at every iteration',
  parameters: () => ({ stepSize: stepSizeSchema().describe('step size of every iteration') }),
  defaults: {},
  layered: false,
  measures: false,
  costs: { measures: 0, losses: 0 },
  label: ({ stepSize }) => `constant ${stepSize}`,
  step: ({ stepSize }) => ({ stepSize, memory: [] }),
});
