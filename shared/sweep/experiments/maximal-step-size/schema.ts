import { z } from 'zod';
import { maximalStepSize } from '../../../experiments/maximal-step-size.ts';
import { searchSchema } from '../../../experiments/mod.ts';
import { lazily } from '../../../lazily.ts';
import { commonKeys, dataKeys, excludeKey, GRID, heading, keysOf, reduceKey, zipKeys } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { rangeLength } from '../../range.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';
import { figureSchema } from './figure.ts';
import { layersKey, trainingExclude, trainingGrid } from './grid.ts';

/** Statistics over the runs of a cell that a table can show. */
export const STATISTICS = ['n', 'mean', 'sd', 'ci95', 'se', 'min', 'median', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** A run tries every rung in turn, so a longer ladder than this is a mistake. */
const MAX_RUNGS = 1_000_000;

const search = () =>
  mapping({
    initialStepSize: searchSchema()
      .shape.initialStepSize.default(DEFAULTS.search.initialStepSize)
      .describe('step size of rung 0'),
    growth: searchSchema()
      .shape.growth.default(DEFAULTS.search.growth)
      .describe('ratio of the step sizes of consecutive rungs'),
    steps: searchSchema().shape.steps.default(DEFAULTS.search.steps).describe('gradient steps per rung'),
    ceiling: searchSchema()
      .shape.ceiling.default(DEFAULTS.search.ceiling)
      .describe('the search stops above this step size'),
    criterion: mapping({ lossAbove: searchSchema().shape.criterion.unwrap().shape.lossAbove })
      .optional()
      .describe('a loss above this value is a divergence, as are NaN and infinity'),
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

const keys = lazily(() => keysOf(maximalStepSize));
const searchGrid = lazily(() => ({
  ...trainingGrid(),
  steps: numbers(searchSchema().shape.steps).optional().describe('gradient steps per rung, in place of `search.steps`'),
}));

const table = () =>
  mapping({
    rows: z.array(keys()).optional().describe('row keys; default: the remaining keys with more than one value'),
    columns: z.array(keys()).default([]).describe('column keys'),
    statistics: z.array(z.enum(STATISTICS)).min(1).optional().describe('statistics over the runs of each cell'),
    paper: z
      .record(z.string(), z.number().positive())
      .optional()
      .describe('published values, keyed by the values of the rows (and columns) joined by ", "'),
    paperRuns: z
      .int()
      .positive()
      .default(DEFAULTS.table.paperRuns)
      .describe('number of runs behind each published value'),
  });

/** A sweep of maximal step sizes as written. What the keys mean together (ties, exclusions, the table) is checked on the expansion. */
export const searchFileSchema = lazily(() =>
  mapping({
    ...heading(),
    experiment: z.literal(maximalStepSize.name).describe(maximalStepSize.describe),
    seed: commonKeys.seed(),
    runs: commonKeys.runsUntil('mean'),
    grid: mapping(searchGrid()).describe(GRID),
    exclude: excludeKey(() =>
      mapping({ ...trainingExclude(), steps: oneOrMore(searchSchema().shape.steps).optional() }),
    ),
    zip: zipKeys(Object.keys(searchGrid())),
    data: mapping({ ...dataKeys(), reduce: reduceKey() })
      .prefault({})
      .describe('how data are drawn, and the folder of the data sets'),
    layers: layersKey(),
    search: search().prefault({}).describe('the ladder of step sizes, initialStepSize * growth^k'),
    engine: commonKeys.engine(),
    table: table().prefault({}),
    figure: figureSchema(keys()).prefault({}).describe('layout of `edgesweep plot`'),
  }),
);
