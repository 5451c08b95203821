import { z } from 'zod';
import { searchCellSchema } from '../../../experiments/mod.ts';
import { MODELS } from '../../../models.ts';
import { OPTIMIZER_KINDS, OPTIMIZERS } from '../../../optimizer.ts';
import { layersSchema, PARAMETRIZATIONS } from '../../../parametrization.ts';
import { LOSSES } from '../../../vocabulary.ts';
import { excludedKind, excludeKeys, gridKeys, modelKey } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';

/** Optimisers as written: each parameter may have several values, and may be omitted. */
const [first, ...others] = OPTIMIZERS.map(({ kind, describe, parameters, defaults }) => {
  const written = Object.entries(parameters as Record<string, z.ZodType<number>>).map(([name, schema]) => {
    const start = (defaults as Record<string, number>)[name];
    return [name, numbers(schema).default(start).describe(`${schema.description}; default: ${start}`)] as const;
  });
  return mapping({ kind: z.literal(kind).describe(describe), ...Object.fromEntries(written) });
});
const optimizer = z.discriminatedUnion('kind', [first, ...others], {
  error: ({ code }) => (code === 'invalid_union' ? OPTIMIZER_KINDS.join(', ') : undefined),
});

const { activation, depth, width, dataset, initialization } = gridKeys;

/** The grid of an experiment that trains networks to see whether they diverge. */
export const trainingGrid = {
  activation,
  depth,
  width,
  dataset,
  batchSize: numbers(searchCellSchema.shape.batchSize)
    .default(DEFAULTS.grid.batchSize)
    .describe('examples per gradient step; full: all examples'),
  initialization,
  model: modelKey.default(DEFAULTS.grid.model),
  loss: oneOrMore(z.enum(LOSSES)).default(DEFAULTS.grid.loss).describe('mse; or cross-entropy, on data sets of images'),
  optimizer: oneOrMore(optimizer).default(DEFAULTS.grid.optimizer).describe('update rule; its parameters may be lists'),
  parametrization: oneOrMore(z.enum(PARAMETRIZATIONS))
    .default(DEFAULTS.grid.parametrization)
    .describe('how step sizes and the output scale with the width: standard, ntk or mup (muP)'),
};

/** What is said of each layer, for all cells of a sweep. */
export const layersKey = mapping({
  stepSizes: layersSchema.shape.stepSizes.describe('multipliers of the step size, one per layer'),
  initialScales: layersSchema.shape.initialScales.describe('multipliers of the initial parameters, one per layer'),
  biases: layersSchema.shape.biases.describe('none: all biases stay 0'),
})
  .optional()
  .describe('multipliers for each layer, the first layer first');

export const trainingExclude = {
  ...excludeKeys,
  batchSize: oneOrMore(searchCellSchema.shape.batchSize).optional(),
  model: oneOrMore(z.enum(MODELS)).optional(),
  loss: oneOrMore(z.enum(LOSSES)).optional(),
  parametrization: oneOrMore(z.enum(PARAMETRIZATIONS)).optional(),
  optimizer: excludedKind(
    OPTIMIZER_KINDS,
    OPTIMIZERS.flatMap(({ parameters }) => Object.keys(parameters)),
  ),
};
