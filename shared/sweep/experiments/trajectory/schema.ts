import { z } from 'zod';
import { solverSchema, trajectorySchema } from '../../../experiments/mod.ts';
import { trajectory as experiment } from '../../../experiments/trajectory.ts';
import { SCHEME_KINDS, SCHEMES } from '../../../schemes/mod.ts';
import { ENGINE_CHOICES } from '../../../vocabulary.ts';
import {
  commonKeys,
  dataKeys,
  EXCLUDE,
  excludedKind,
  excludeKeys,
  GRID,
  gridKeys,
  heading,
  keysOf,
  zipKeys,
} from '../../common-schema.ts';
import { DEFAULTS, SOLVER_DEFAULTS } from '../../defaults.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';
import { trajectoryFigureSchema } from './figure.ts';

/** Schemes as written: each parameter may have several values, and may be left out where it has a default. */
const [first, ...others] = SCHEMES.map(({ kind, describe, parameters, defaults }) => {
  const written = Object.entries(parameters as Record<string, z.ZodType<number>>).map(([name, schema]) => {
    const start = (defaults as Record<string, number>)[name];
    const about = `${schema.description}${start === undefined ? '' : `; default: ${start}`}`;
    const values = numbers(schema);
    return [name, (start === undefined ? values : values.optional()).describe(about)] as const;
  });
  return mapping({ kind: z.literal(kind).describe(describe), ...Object.fromEntries(written) });
});
const scheme = z.discriminatedUnion('kind', [first, ...others], {
  error: ({ code }) => (code === 'invalid_union' ? SCHEME_KINDS.join(', ') : undefined),
});

const grid = mapping({
  ...gridKeys,
  scheme: oneOrMore(scheme).describe('the step size of each iteration; its parameters may be lists as well'),
});

const [lanczos, power] = solverSchema.options;
const { tolerance, maxProducts, top, bothEnds } = SOLVER_DEFAULTS;
const solverKeys = {
  tolerance: power.shape.tolerance.default(tolerance),
  maxProducts: power.shape.maxProducts
    .default(maxProducts)
    .describe('Hessian-vector products for one measurement, at most'),
  top: power.shape.top.default(top).describe('how many eigenvalues, from the largest down'),
};
const solver = z.discriminatedUnion(
  'kind',
  [
    mapping({
      kind: z.literal('lanczos').describe('largest eigenvalues, to a bound on the residual relative to the eigenvalue'),
      ...solverKeys,
      bothEnds: lanczos.shape.bothEnds.default(bothEnds).describe('also as many smallest eigenvalues'),
    }),
    mapping({
      kind: z.literal('power').describe("PyHessian's power iteration: largest magnitude, stops when the value settles"),
      ...solverKeys,
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'lanczos, power' : undefined) },
);

const trajectory = mapping({
  iterations: trajectorySchema.shape.iterations.default(DEFAULTS.trajectory.iterations).describe('gradient steps'),
  every: trajectorySchema.shape.every
    .default(DEFAULTS.trajectory.every)
    .describe('iterations between two measurements of sharpness'),
  near: mapping({
    within: trajectorySchema.shape.near.unwrap().shape.within.describe('share of 2 / step size'),
    every: trajectorySchema.shape.near.unwrap().shape.every.describe('iterations between two measurements there'),
  })
    .optional()
    .describe('measure more often while the sharpness is near 2 / step size'),
  layers: trajectorySchema.shape.layers.default(DEFAULTS.trajectory.layers).describe('the sharpness of each layer too'),
  solver: solver
    .prefault({ kind: DEFAULTS.trajectory.solver.kind })
    .describe('how eigenvalues of the Hessian are found'),
});

const exclude = mapping({
  ...excludeKeys,
  scheme: excludedKind(
    SCHEME_KINDS,
    SCHEMES.flatMap(({ parameters }) => Object.keys(parameters)),
  ),
});

/** A sweep of trajectories as written. */
export const trajectoryFileSchema = mapping({
  ...heading,
  experiment: z.literal(experiment.name).describe(experiment.describe),
  seed: commonKeys.seed,
  runs: commonKeys.runs.unwrap().default(1).describe('repetitions of each cell, each with its own random numbers'),
  grid: grid.describe(GRID),
  exclude: z.array(exclude).default([]).describe(EXCLUDE),
  zip: zipKeys(Object.keys(grid.shape)),
  data: mapping(dataKeys).prefault({}).describe('how data are drawn, and where they are'),
  trajectory: trajectory.prefault({}).describe('what is recorded of each training'),
  engine: z.enum(ENGINE_CHOICES).default(DEFAULTS.engine).describe('what computes; the engines agree to the bit'),
  table: mapping({
    rows: z
      .array(keysOf(experiment))
      .optional()
      .describe('grid keys down the side; default: those with more than one value'),
  }).prefault({}),
  figure: trajectoryFigureSchema.prefault({}).describe('what `edgesweep plot` draws where'),
});
