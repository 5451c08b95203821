import { z } from 'zod';
import { isFullBatch } from '../experiments/network.ts';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS } from '../limits.ts';
import { schemeLabel, schemeOf } from '../schemes/mod.ts';
import { TYPICAL_PRODUCTS } from '../solver.ts';
import { mapping } from '../sweep/shapes.ts';
import { defineGauge, type GaugedCell, type GaugeFault } from './gauge.ts';

export const flowSchema = lazily(() =>
  z.strictObject({
    every: count(LIMITS.iterations),
    /** RK4 is stable up to 2.785 / lambda, and lambda may rise by half within a stretch of steps. */
    alpha: z.number().min(0.01).max(1.8),
    maxStep: z.number().min(1e-6).max(1e6),
  }),
);
export type FlowSettings = Parsed<typeof flowSchema>;

const written = lazily(() => {
  const { every, alpha, maxStep } = flowSchema().shape;
  return z.union([
    z.literal(false),
    mapping({
      every: every.default(10).describe('interval between comparisons with gradient descent, in iterations'),
      alpha: alpha.default(1).describe('a Runge-Kutta step is this over the sharpness'),
      maxStep: maxStep.default(1).describe('longest Runge-Kutta step, in time'),
    }),
  ]);
});

/** Gradients per comparison: steps of 1 / lambda, about 2 an iteration at the edge of stability, and a measurement. */
const gradientsOf = ({ trajectory: { solver } }: GaugedCell, { every }: FlowSettings): number =>
  2 * every * 4 + 2 * TYPICAL_PRODUCTS[solver.kind];

const optimizerFault = ({ optimizer = { kind: 'sgd' } }: GaugedCell): GaugeFault | undefined =>
  optimizer.kind === 'sgd'
    ? undefined
    : {
        message: 'there is no flow of this optimiser',
        expected: 'optimizer sgd: gradient descent',
        got: optimizer.kind,
        fix: 'omit the flow, or use the optimiser sgd',
      };

/** Gradient flow beside gradient descent, on one axis of time. */
export const flow = defineGauge({
  name: 'flow',
  describe: 'gradient flow (Runge-Kutta of order 4) beside gradient descent: its loss, its sharpness, and the distance',
  schema: flowSchema,
  written,
  panels: ['flow-sharpness', 'flow-distance'],
  columns: () => ['flow_time', ...columnsOf('flow')],
  // at every iteration: it keeps the time
  due: () => true,
  cost: (cell, own) => (gradientsOf(cell, own) * cell.trajectory.every) / own.every,
  fault(cell) {
    if (!schemeOf(cell.scheme).layered) return optimizerFault(cell);
    return {
      message: 'with a step size per layer there is no time to compare gradient flow at',
      expected: 'a scheme with one step size for all layers',
      got: schemeLabel(cell.scheme),
      fix: 'omit the flow, or use another scheme',
    };
  },
});

/** Central flow in one direction: the time average of gradient descent at the edge of stability. */
export const centralFlow = defineGauge({
  name: 'centralFlow',
  describe: 'central flow in one direction: predicted time averages of gradient descent at the edge of stability',
  schema: flowSchema,
  written,
  panels: ['flow-loss', 'flow-sharpness', 'flow-distance'],
  columns: () => [...columnsOf('central_flow'), 'central_flow_predicted_loss', 'central_flow_variance'],
  due: () => true,
  cost: (cell, own) => (gradientsOf(cell, own) * 4 * cell.trajectory.every) / own.every,
  fault(cell) {
    if (!isFullBatch(cell)) {
      return {
        message: 'the central flow is that of descent on all examples',
        expected: 'a full batch',
        got: `batch size ${cell.batchSize}`,
        fix: 'omit the central flow, or train on the full batch',
      };
    }
    if (cell.scheme.kind === 'constant') return optimizerFault(cell);
    return {
      message: 'the central flow is that of a constant step size',
      expected: 'scheme constant',
      got: schemeLabel(cell.scheme),
      fix: 'omit the central flow, or use the scheme constant',
    };
  },
});

/** Those that both flows have. */
const columnsOf = (name: string): string[] => [
  `${name}_loss`,
  `${name}_sharpness`,
  `${name}_sharpness_residual`,
  `${name}_sharpness_converged`,
  `${name}_distance`,
  `${name}_steps`,
  `${name}_products`,
];
