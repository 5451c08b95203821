import { z } from 'zod';
import { trajectorySchema } from '../../../experiments/mod.ts';
import { trajectory as experiment, initialScaleSchema, trajectoryCellSchema } from '../../../experiments/trajectory.ts';
import { batches } from '../../../gauges/batches.ts';
import { density } from '../../../gauges/density.ts';
import { centralFlow, flow } from '../../../gauges/flow.ts';
import { gaussNewton } from '../../../gauges/gauss-newton.ts';
import { preconditioned } from '../../../gauges/preconditioned.ts';
import { sharpening } from '../../../gauges/sharpening.ts';
import { test } from '../../../gauges/test.ts';
import { lazily } from '../../../lazily.ts';
import { MODELS } from '../../../models.ts';
import { OPTIMIZERS } from '../../../optimizer.ts';
import { SCHEME_KINDS, SCHEMES } from '../../../schemes/mod.ts';
import { LOSSES } from '../../../vocabulary.ts';
import {
  commonKeys,
  dataKeys,
  excludedKind,
  excludeKey,
  excludeKeys,
  GRID,
  gridKeys,
  heading,
  keysOf,
  modelKey,
  zipKeys,
} from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { optimizerKey } from '../../optimizer-schema.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';
import { solverKey } from '../../solver-schema.ts';
import { trajectoryFigureSchema } from './figure.ts';

/** Schemes as written: each parameter may have several values, and may be left out where it has a default. */
const scheme = () => {
  const [first, ...others] = SCHEMES.map(({ kind, describe, parameters, defaults }) => {
    const written = Object.entries(parameters() as Record<string, z.ZodType<number>>).map(([name, schema]) => {
      const start = (defaults as Record<string, number>)[name];
      const about = `${schema.description}${start === undefined ? '' : `; default: ${start}`}`;
      const values = numbers(schema);
      return [name, (start === undefined ? values : values.optional()).describe(about)] as const;
    });
    return mapping({ kind: z.literal(kind).describe(describe), ...Object.fromEntries(written) });
  });
  return z.discriminatedUnion('kind', [first, ...others], {
    error: ({ code }) => (code === 'invalid_union' ? SCHEME_KINDS.join(', ') : undefined),
  });
};

const optimizer = lazily(() => optimizerKey(OPTIMIZERS));
const grid = lazily(() =>
  mapping({
    ...gridKeys(),
    loss: oneOrMore(z.enum(LOSSES)).default('mse').describe('of cross-entropy the targets are classes'),
    batchSize: numbers(trajectoryCellSchema().shape.batchSize)
      .default(DEFAULTS.grid.batchSize)
      .describe('examples per gradient step; full: all examples'),
    initialScale: numbers(initialScaleSchema())
      .default(DEFAULTS.grid.initialScale)
      .describe('multiplier of the initial weights and biases'),
    optimizer: optimizer().written,
    scheme: oneOrMore(scheme()).describe('rule for the step size of each iteration; its parameters may be lists'),
    model: modelKey().optional(),
  }),
);

const trajectory = () => {
  const { iterations, every, near, layers } = trajectorySchema().shape;
  return mapping({
    iterations: iterations.default(DEFAULTS.trajectory.iterations).describe('gradient steps'),
    every: every
      .default(DEFAULTS.trajectory.every)
      .describe('interval between measurements of the sharpness, in iterations'),
    near: mapping({
      within: near
        .unwrap()
        .shape.within.describe("distance from the optimiser's edge (2 / step size for sgd), relative"),
      every: near.unwrap().shape.every.describe('interval between measurements there, in iterations'),
    })
      .optional()
      .describe('measure more often while the sharpness is near the edge'),
    layers: layers.default(DEFAULTS.trajectory.layers).describe('also measure the sharpness of each layer'),
    solver: solverKey(),
    preconditioned: preconditioned.written().optional().describe(preconditioned.describe),
    gaussNewton: gaussNewton.written().optional().describe(gaussNewton.describe),
    test: test.written().optional().describe(test.describe),
    batches: batches.written().optional().describe(batches.describe),
    sharpening: sharpening.written().optional().describe(sharpening.describe),
    flow: flow.written().optional().describe(flow.describe),
    centralFlow: centralFlow.written().optional().describe(centralFlow.describe),
    density: density.written().optional().describe(density.describe),
  });
};

const exclude = () =>
  mapping({
    ...excludeKeys(),
    loss: oneOrMore(z.enum(LOSSES)).optional(),
    batchSize: oneOrMore(trajectoryCellSchema().shape.batchSize).optional(),
    initialScale: oneOrMore(initialScaleSchema()).optional(),
    optimizer: optimizer().excluded,
    model: oneOrMore(z.enum(MODELS)).optional(),
    scheme: excludedKind(
      SCHEME_KINDS,
      SCHEMES.flatMap(({ parameters }) => Object.keys(parameters())),
    ),
  });

/** A sweep of trajectories as written. */
export const trajectoryFileSchema = lazily(() =>
  mapping({
    ...heading(),
    experiment: z.literal(experiment.name).describe(experiment.describe),
    seed: commonKeys.seed(),
    runs: commonKeys.runs().unwrap().default(1).describe('repetitions of each cell, each with its own random numbers'),
    grid: grid().describe(GRID),
    exclude: excludeKey(exclude),
    zip: zipKeys(Object.keys(grid().shape)),
    data: mapping(dataKeys()).prefault({}).describe('how data are drawn, and the folder of the data sets'),
    trajectory: trajectory().prefault({}).describe('what to record of each training'),
    engine: commonKeys.exactEngine(),
    table: mapping({
      rows: z.array(keysOf(experiment)).optional().describe('row keys; default: keys with more than one value'),
    }).prefault({}),
    figure: trajectoryFigureSchema().prefault({}).describe('layout of `edgesweep plot`'),
  }),
);
