import { z } from 'zod';
import { searchCellSchema } from '../../../experiments/mod.ts';
import { lazily } from '../../../lazily.ts';
import { MODELS } from '../../../models.ts';
import { OPTIMIZERS } from '../../../optimizer.ts';
import { layersSchema, PARAMETRIZATIONS } from '../../../parametrization.ts';
import { LOSSES } from '../../../vocabulary.ts';
import { excludeKeys, gridKeys, modelKey } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { optimizerKey } from '../../optimizer-schema.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';

/** Those that searches have. */
const optimizer = lazily(() =>
  optimizerKey(
    OPTIMIZERS.filter(({ search }) => search !== 'none').map((facts) => ({
      ...facts,
      describe: `${facts.describe}${facts.search === 'tfjs' ? ', on engine tfjs' : ''}`,
    })),
  ),
);

/** The grid of an experiment that trains networks to see whether they diverge. */
export const trainingGrid = lazily(() => {
  const { activation, depth, width, dataset, initialization } = gridKeys();
  return {
    activation,
    depth,
    width,
    dataset,
    batchSize: numbers(searchCellSchema().shape.batchSize)
      .default(DEFAULTS.grid.batchSize)
      .describe('examples per gradient step; full: all examples'),
    initialization,
    model: modelKey().default(DEFAULTS.grid.model),
    loss: oneOrMore(z.enum(LOSSES))
      .default(DEFAULTS.grid.loss)
      .describe('mse; or cross-entropy, on images, modular-addition, or sorting with a transformer'),
    optimizer: optimizer().written,
    parametrization: oneOrMore(z.enum(PARAMETRIZATIONS))
      .default(DEFAULTS.grid.parametrization)
      .describe('how step sizes and the output scale with the width: standard, ntk or mup (muP)'),
  };
});

/** What is said of each layer, for all cells of a sweep. */
export const layersKey = lazily(() =>
  mapping({
    stepSizes: layersSchema().shape.stepSizes.describe('multipliers of the step size, one per layer'),
    initialScales: layersSchema().shape.initialScales.describe('multipliers of the initial parameters, one per layer'),
    biases: layersSchema().shape.biases.describe('none: all biases stay 0'),
  })
    .optional()
    .describe('multipliers for each layer, the first layer first'),
);

export const trainingExclude = lazily(() => ({
  ...excludeKeys(),
  batchSize: oneOrMore(searchCellSchema().shape.batchSize).optional(),
  model: oneOrMore(z.enum(MODELS)).optional(),
  loss: oneOrMore(z.enum(LOSSES)).optional(),
  parametrization: oneOrMore(z.enum(PARAMETRIZATIONS)).optional(),
  optimizer: optimizer().excluded,
}));
