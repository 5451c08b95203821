import { z } from 'zod';
import { batches } from '../gauges/batches.ts';
import { density } from '../gauges/density.ts';
import { centralFlow, flow } from '../gauges/flow.ts';
import { gaussNewton } from '../gauges/gauss-newton.ts';
import { gaugesOf, trajectoryArithmetic } from '../gauges/mod.ts';
import { preconditioned } from '../gauges/preconditioned.ts';
import { sharpening } from '../gauges/sharpening.ts';
import { hasClasses, test } from '../gauges/test.ts';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS } from '../limits.ts';
import { edgeOf, optimizerLabel, optimizerSchema } from '../optimizer.ts';
import { schemeLabel, schemeOf, schemeSchema } from '../schemes/mod.ts';
import { COLUMNS, columnOf, scopesOf } from '../series/series.ts';
import { solverSchema, TYPICAL_PRODUCTS } from '../solver.ts';
import { TRAJECTORY, TRAJECTORY_2 } from '../vocabulary.ts';
import { defineExperiment } from './experiment.ts';
import { costOfStep, drawSchema, isFullBatch, modelCell, networkCell, networkKeys } from './network.ts';

/** What initial weights and biases may be multiplied by. */
export const initialScaleSchema = lazily(() => z.number().positive().max(1e6));

/** What of a training is recorded, and how. */
export const trajectorySchema = lazily(() =>
  z.strictObject({
    /** that of the cell's content, see `trajectoryArithmetic`; cells of other versions may have another one */
    arithmetic: z.enum([TRAJECTORY, TRAJECTORY_2]),
    iterations: count(LIMITS.iterations),
    /** interval between measurements of the sharpness, in iterations */
    every: count(LIMITS.iterations),
    /** while the last sharpness was within this distance from the optimiser's edge, relative: so many iterations between two measurements */
    near: z.strictObject({ within: z.number().positive().max(1), every: count(LIMITS.iterations) }).optional(),
    /** also measure the sharpness of each layer */
    layers: z.boolean(),
    solver: solverSchema(),
    // gauges: see `shared/gauges`
    preconditioned: preconditioned.schema().optional(),
    gaussNewton: gaussNewton.schema().optional(),
    test: test.schema().optional(),
    batches: batches.schema().optional(),
    sharpening: sharpening.schema().optional(),
    flow: flow.schema().optional(),
    centralFlow: centralFlow.schema().optional(),
    density: density.schema().optional(),
  }),
);
export type TrajectorySettings = Parsed<typeof trajectorySchema>;

export const trajectoryCellSchema = lazily(() =>
  z.strictObject({
    ...networkCell(),
    data: z.strictObject({ draw: drawSchema() }),
    /** absent: the mean squared error */
    loss: z.literal('cross-entropy').optional(),
    /** multiplies the initial weights and biases; absent: 1 */
    initialScale: initialScaleSchema().optional(),
    /** absent: sgd */
    optimizer: optimizerSchema().optional(),
    scheme: schemeSchema(),
    trajectory: trajectorySchema(),
    ...modelCell(),
  }),
);
export type TrajectoryCell = Parsed<typeof trajectoryCellSchema>;

/** Digest and summary of a series. Iterations count from 1. */
export const trajectoryResultSchema = lazily(() =>
  z.strictObject({
    /** of the series' values, see `seriesDigest`; not of the file that holds them */
    series: z.string().regex(/^[0-9a-f]{64}$/),
    /** recorded; that of the divergence is the last */
    iterations: z.int().positive(),
    end: z.enum(['finished', 'diverged']),
    divergence: z.strictObject({ iteration: z.int().positive(), kind: z.enum(['nan', 'infinity']) }).nullable(),
    /** first of 10 consecutive measurements of sharpness within 10 % of the optimiser's edge, 2 / step size for sgd; null when there is none */
    edge: z.int().positive().nullable(),
    /** medians over the last fifth of the iterations: of the sharpness, and of what the optimiser's edge bounds over it; null without measurements */
    plateau: z.strictObject({ sharpness: z.number(), ofEdge: z.number().nullable() }).nullable(),
    /** the same of the batch sharpness, over 2 / step size, null for optimisers other than sgd; absent without measurements of it */
    batchPlateau: z.strictObject({ sharpness: z.number(), ofEdge: z.number().nullable() }).optional(),
    /** the last finite loss; null when there is none */
    loss: z.number().nullable(),
    /** the last finite loss of the test set, and of classes the accuracy there; absent without measurements of it */
    test: z.strictObject({ loss: z.number(), accuracy: z.number().min(0).max(1).optional() }).optional(),
    /** Hessian-vector products of all measurements */
    products: z.int().nonnegative(),
    /** of the optimiser, in gradients: a gradient 1, a loss alone 1/3, a Hessian-vector product 2 */
    cost: z.number(),
  }),
);
export type TrajectoryResult = Parsed<typeof trajectoryResultSchema>;

/** A training is at the edge where so many measurements in a row are. */
export const MEASUREMENTS_AT_EDGE = 10;

function trajectoryProblem(cell: TrajectoryCell, result: TrajectoryResult): string | undefined {
  const { trajectory } = cell;
  const { iterations, end, divergence, edge, loss, cost, products, batchPlateau } = result;
  const asked = trajectory.iterations;
  if ((end === 'diverged') !== (divergence !== null))
    return `the end \`${end}\` with divergence ${JSON.stringify(divergence)}`;
  if (divergence === null && iterations !== asked) return `${iterations} iterations of ${asked}, without a divergence`;
  if (divergence !== null && divergence.iteration > asked) {
    return `a divergence at iteration ${divergence.iteration} of ${asked}`;
  }
  if (divergence !== null && iterations !== divergence.iteration) {
    return `${iterations} iterations up to a divergence at iteration ${divergence.iteration}`;
  }
  if (edge !== null && edge > iterations - (MEASUREMENTS_AT_EDGE - 1))
    return `the edge at iteration ${edge} of ${iterations}`;
  if (loss !== null && loss < 0) return `a loss of ${loss}`;
  if (divergence === null && loss === null) return 'no loss, without a divergence';
  // the sharpness of the first iteration is always measured
  if (divergence === null && products === 0) return 'no Hessian-vector products, without a divergence';
  if (batchPlateau !== undefined && trajectory.batches === undefined) return 'a batch sharpness that is not measured';
  const tested = result.test;
  if (tested !== undefined && trajectory.test === undefined) return 'a test loss that is not measured';
  if (tested !== undefined && tested.loss < 0) return `a test loss of ${tested.loss}`;
  if (tested !== undefined && (tested.accuracy !== undefined) !== hasClasses(cell))
    return tested.accuracy === undefined ? 'no test accuracy' : 'a test accuracy without classes';
  // a gradient at every iteration
  const least = isFullBatch(cell) ? iterations : 0;
  return cost >= least ? undefined : `a cost of ${cost} for ${iterations} iterations`;
}

/** The names of the columns of a cell's series, in order. */
export function trajectoryColumns(cell: TrajectoryCell): string[] {
  const [whole, ...layers] = scopesOf(cell.depth, true);
  return [
    COLUMNS.iteration,
    COLUMNS.loss,
    ...(isFullBatch(cell) ? [] : [COLUMNS.fullLoss]),
    ...(schemeOf(cell.scheme).layered ? layers : [whole]).map((block) => columnOf(COLUMNS.stepSize, block)),
    ...[whole, ...layers].map((block) => columnOf(COLUMNS.gradientNorm, block)),
    ...gaugesOf(cell).flatMap(({ gauge, settings }) => gauge.columns(cell, settings)),
    COLUMNS.cost,
  ];
}

export const trajectory = defineExperiment({
  name: 'trajectory',
  describe: 'loss, step size, gradient norms and sharpness at every iteration of a training',
  settings: 'trajectory',
  cell: trajectoryCellSchema,
  result: trajectoryResultSchema,
  keys: {
    ...networkKeys,
    loss: ({ loss = 'mse' }) => loss,
    initialScale: ({ initialScale = 1 }) => initialScale,
    optimizer: ({ optimizer }) => optimizerLabel(optimizer ?? { kind: 'sgd' }),
    scheme: ({ scheme }) => schemeLabel(scheme),
    model: ({ model }) => model ?? 'mlp',
  },
  usual: { loss: 'mse', initialScale: 1, optimizer: 'sgd', model: 'mlp' },
  problem: ({ cell }, result) => trajectoryProblem(cell, result),
  series: ({ series, iterations }) => ({ digest: series, rows: iterations }),
  columns: trajectoryColumns,
  arithmetic: (cell) => ({ named: cell.trajectory.arithmetic, own: trajectoryArithmetic(cell) }),
  edge: edgeOf,
  iterations: (cell) => cell.trajectory.iterations,
  cost(cell) {
    const { dataset, scheme } = cell;
    const { iterations, every, solver } = cell.trajectory;
    const recorded = gaugesOf(cell).reduce((sum, { gauge, settings }) => sum + gauge.cost(cell, settings), 0) / every;
    const { measures, losses } = schemeOf(scheme).costs;
    const measured = recorded + 2 * measures * TYPICAL_PRODUCTS[solver.kind];
    return (
      iterations * (costOfSteps(cell, 1 + losses) + measured * costOfStep(cell, dataset.dimensions, dataset.examples))
    );
  },
  shortened(cell, share) {
    const iterations = Math.max(1, Math.round(share * cell.trajectory.iterations));
    return { ...cell, trajectory: { ...cell.trajectory, iterations } };
  },
  spent(cell, { iterations, products }) {
    const { dataset, scheme } = cell;
    const measured = 2 * products * costOfStep(cell, dataset.dimensions, dataset.examples);
    return iterations * costOfSteps(cell, 1 + schemeOf(scheme).costs.losses) + measured;
  },
});

/** Of so many gradients of the batch of an iteration. */
function costOfSteps(cell: TrajectoryCell, gradients: number): number {
  const { batchSize, dataset } = cell;
  return gradients * costOfStep(cell, dataset.dimensions, batchSize === 'full' ? dataset.examples : batchSize);
}
