import { z } from 'zod';
import { searchCellSchema, searchSchema } from '../cell.ts';
import { OPTIMIZER_DEFAULTS, OPTIMIZER_KINDS, optimizerSchema } from '../optimizer.ts';
import { LOSSES, MODELS } from '../vocabulary.ts';
import { commonKeys, dataKeys, EXCLUDE, excludeKeys, GRID, gridKeys, heading, tableKeys } from './common-schema.ts';
import { DEFAULTS } from './defaults.ts';
import { figureSchema } from './figure.ts';
import { rangeLength } from './range.ts';
import { mapping, numbers, oneOrMore } from './shapes.ts';

/** Statistics over the runs of a cell that a table can show. */
export const STATISTICS = ['n', 'mean', 'sd', 'ci95', 'se', 'min', 'median', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** A run tries every rung in turn, so a longer ladder than this is a mistake. */
const MAX_RUNGS = 1_000_000;

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
const grid = mapping({
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
});

const exclude = mapping({
  ...excludeKeys,
  batchSize: oneOrMore(searchCellSchema.shape.batchSize).optional(),
  model: oneOrMore(z.enum(MODELS)).optional(),
  loss: oneOrMore(z.enum(LOSSES)).optional(),
});

const search = mapping({
  initialStepSize: searchSchema.shape.initialStepSize
    .default(DEFAULTS.search.initialStepSize)
    .describe('step size of rung 0'),
  growth: searchSchema.shape.growth
    .default(DEFAULTS.search.growth)
    .describe('ratio of the step sizes of a rung and the one before it'),
  steps: searchSchema.shape.steps.default(DEFAULTS.search.steps).describe('gradient steps per rung'),
  ceiling: searchSchema.shape.ceiling
    .default(DEFAULTS.search.ceiling)
    .describe('the search gives up above this step size'),
  criterion: mapping({ lossAbove: searchSchema.shape.criterion.unwrap().shape.lossAbove })
    .optional()
    .describe('call a loss above this value a divergence too, besides NaN and infinity'),
}).superRefine(({ initialStepSize, growth, ceiling }, context) => {
  if (context.issues.length > 0) return; // the parts first
  if (initialStepSize > ceiling) {
    context.addIssue({
      code: 'custom',
      path: ['initialStepSize'],
      message: 'the initial step size is above the ceiling',
      params: {
        expected: `at most the ceiling, ${ceiling}`,
        got: String(initialStepSize),
        fix: 'lower `search.initialStepSize` or raise `search.ceiling`',
      },
    });
    return;
  }
  const rungs = rangeLength({ from: initialStepSize, to: ceiling, factor: growth });
  if (rungs > MAX_RUNGS) {
    context.addIssue({
      code: 'custom',
      path: ['growth'],
      message: 'the ladder of step sizes is too long',
      params: {
        expected: `at most ${MAX_RUNGS} rungs from ${initialStepSize} to ${ceiling}`,
        got: `${rungs} rungs with a growth of ${growth}`,
        fix: 'raise `search.growth`, or lower `search.ceiling`',
      },
    });
  }
});

const table = mapping({
  rows: tableKeys.optional().describe('grid keys down the side; the others with more than one value unless given'),
  columns: tableKeys.default([]).describe('grid keys across the top'),
  statistics: z.array(z.enum(STATISTICS)).min(1).optional().describe('what to show of the runs of each cell'),
  paper: z
    .record(z.string(), z.number().positive())
    .optional()
    .describe('printed values, by the values of the rows (and columns) joined by ", "'),
  paperRuns: z.int().positive().default(DEFAULTS.table.paperRuns).describe('runs behind each printed value'),
});

/** A sweep of maximal step sizes as written. What the keys mean together (ties, exclusions, the table) is checked on the expansion. */
export const searchFileSchema = mapping({
  ...heading,
  experiment: z.literal('maximal-step-size'),
  seed: commonKeys.seed,
  runs: commonKeys.runs,
  grid: grid.describe(GRID),
  exclude: z.array(exclude).default([]).describe(EXCLUDE),
  zip: commonKeys.zip,
  data: mapping({
    ...dataKeys,
    reduce: z
      .literal('row-space')
      .optional()
      .describe(
        'with fewer examples than inputs: train on as many inputs as examples, the same dynamics but for rounding',
      ),
  })
    .prefault({})
    .describe('how data are drawn, and where they are'),
  search: search.prefault({}).describe('the ladder of step sizes, initialStepSize * growth^k'),
  engine: commonKeys.engine,
  table: table.prefault({}),
  figure: figureSchema.prefault({}).describe('what `edgesweep plot` draws where'),
});
