import { z } from 'zod';
import { searchCellSchema } from '../../../experiments/mod.ts';
import { OPTIMIZER_DEFAULTS, OPTIMIZER_KINDS, optimizerSchema } from '../../../optimizer.ts';
import { LOSSES, MODELS } from '../../../vocabulary.ts';
import { excludedKind, excludeKeys, gridKeys } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';

const [sgd, momentum, nesterov, adam] = optimizerSchema.options;
const defaults = OPTIMIZER_DEFAULTS;
const optimizer = z.discriminatedUnion(
  'kind',
  [
    mapping({ kind: sgd.shape.kind.describe('the gradient itself') }),
    mapping({
      kind: momentum.shape.kind.describe("Polyak's momentum"),
      momentum: numbers(momentum.shape.momentum).default(defaults.momentum.momentum),
    }),
    mapping({
      kind: nesterov.shape.kind.describe("Nesterov's momentum"),
      momentum: numbers(nesterov.shape.momentum).default(defaults.nesterov.momentum),
    }),
    mapping({
      kind: adam.shape.kind.describe('Adam, on engine tfjs'),
      beta1: numbers(adam.shape.beta1).default(defaults.adam.beta1),
      beta2: numbers(adam.shape.beta2).default(defaults.adam.beta2),
      epsilon: numbers(adam.shape.epsilon).default(defaults.adam.epsilon),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? OPTIMIZER_KINDS.join(', ') : undefined) },
);

const { activation, depth, width, dataset, initialization } = gridKeys;

/** The grid of an experiment that trains networks to see whether they diverge. */
export const trainingGrid = {
  activation,
  depth,
  width,
  dataset,
  batchSize: numbers(searchCellSchema.shape.batchSize)
    .default(DEFAULTS.grid.batchSize)
    .describe('examples per gradient step; full: all of them'),
  initialization,
  model: oneOrMore(z.enum(MODELS))
    .default(DEFAULTS.grid.model)
    .describe('mlp; or cnn: two convolutions of `width` channels and a linear layer, on engine tfjs'),
  loss: oneOrMore(z.enum(LOSSES)).default(DEFAULTS.grid.loss).describe('mse; or cross-entropy, on data sets of images'),
  optimizer: oneOrMore(optimizer)
    .default(DEFAULTS.grid.optimizer)
    .describe('how a gradient becomes a step; its parameters may be lists as well'),
};

export const trainingExclude = {
  ...excludeKeys,
  batchSize: oneOrMore(searchCellSchema.shape.batchSize).optional(),
  model: oneOrMore(z.enum(MODELS)).optional(),
  loss: oneOrMore(z.enum(LOSSES)).optional(),
  optimizer: excludedKind(OPTIMIZER_KINDS, Object.values(OPTIMIZER_DEFAULTS).flatMap(Object.keys)),
};
