import { z } from 'zod';
import { cellSchema, EXPERIMENTS, searchSchema } from '../task.ts';
import { ENGINES } from '../vocabulary.ts';
import { dataset, excludedDataset } from './dataset-schema.ts';
import { figureSchema } from './figure.ts';
import { CELL_KEYS, GRID_KEYS, SHORT_KEYS } from './keys.ts';
import { rangeLength } from './range.ts';
import { mapping, numbers, oneOrMore } from './shapes.ts';

/** What holds where neither the file nor the environment nor a flag says otherwise. */
export const DEFAULTS = {
  seed: 0,
  runs: 10,
  grid: {
    depth: 3,
    width: 10,
    dataset: { kind: 'synthetic', examples: 100, dimensions: 10 },
    batchSize: 'full',
    initialization: 'pytorch-default',
  },
  data: { draw: 'per-run' },
  search: { initialStepSize: 0.1, growth: 1.01, steps: 100, ceiling: 1e4 },
  engine: 'simd',
  table: { paperRuns: 10 },
} as const;

/** Statistics over the runs of a cell that a table can show. */
export const STATISTICS = ['n', 'mean', 'sd', 'ci95', 'se', 'min', 'median', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** A run tries every rung in turn, so a longer ladder than this is a mistake. */
const MAX_RUNGS = 1_000_000;

const grid = mapping({
  activation: oneOrMore(cellSchema.shape.activation).describe('after every layer but the last'),
  depth: numbers(cellSchema.shape.depth).default(DEFAULTS.grid.depth).describe('number of weight matrices'),
  width: numbers(cellSchema.shape.width).default(DEFAULTS.grid.width).describe('hidden units per layer'),
  dataset: oneOrMore(dataset).default(DEFAULTS.grid.dataset).describe('what is fitted; its parts may be lists as well'),
  batchSize: numbers(cellSchema.shape.batchSize)
    .default(DEFAULTS.grid.batchSize)
    .describe('examples per gradient step; full: all of them'),
  initialization: oneOrMore(cellSchema.shape.initialization)
    .default(DEFAULTS.grid.initialization)
    .describe('how weights and biases are drawn'),
});

const exclude = mapping({
  activation: oneOrMore(cellSchema.shape.activation).optional(),
  depth: oneOrMore(cellSchema.shape.depth).optional(),
  width: oneOrMore(cellSchema.shape.width).optional(),
  dataset: excludedDataset.optional(),
  batchSize: oneOrMore(cellSchema.shape.batchSize).optional(),
  initialization: oneOrMore(cellSchema.shape.initialization).optional(),
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

/** Keys that may be tied: those of the grid, and the parts of a dataset written as one mapping. */
const zippable = z.enum([
  ...GRID_KEYS,
  'dataset.examples',
  'dataset.dimensions',
  'dataset.outputs',
  'dataset.choose',
  'dataset.standardize',
  'dataset.grayscale',
  'dataset.classes',
]);
const tableKeys = z.array(z.enum([...CELL_KEYS, ...SHORT_KEYS]));

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

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** A sweep file as written. What the keys mean together (ties, exclusions, the table) is checked on the expansion. */
export const sweepFileSchema = mapping({
  name: z
    .string()
    .regex(NAME, 'at most 100 letters, digits, ".", "_" and "-", the first a letter or digit')
    .describe('names the directory of the results'),
  title: z.string().min(1).describe('what the sweep shows, for the heading of its table'),
  source: z.string().min(1).optional().describe('where in the paper the sweep comes from'),
  experiment: z.enum(EXPERIMENTS),
  seed: z.int().nonnegative().default(DEFAULTS.seed).describe('seeds data, weights and shuffling of every run'),
  runs: z
    .int()
    .positive()
    .default(DEFAULTS.runs)
    .describe('repetitions of each cell, each with its own random numbers'),
  grid: grid.describe('every key is one value or several; the product is taken in the order written'),
  exclude: z.array(exclude).default([]).describe('cells to leave out, by the values of some keys; a list means any of'),
  zip: z.array(z.array(zippable).min(2)).default([]).describe('groups of keys that advance together'),
  data: mapping({
    draw: cellSchema.shape.data.shape.draw
      .default(DEFAULTS.data.draw)
      .describe('whether each run draws its own data, or all runs of a cell share one draw'),
    directory: z
      .string()
      .min(1)
      .optional()
      .describe('where the files of data sets are, unless --data-dir or EDGESWEEP_DATA say so'),
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
  engine: z.enum(ENGINES).default(DEFAULTS.engine).describe('what computes; the engines agree to the bit'),
  table: table.prefault({}),
  figure: figureSchema.prefault({}).describe('what `edgesweep plot` draws where'),
});

type SweepFile = z.output<typeof sweepFileSchema>;

/** A sweep with every default filled in. The keys of the grid are in the order of the product. */
export type Sweep = Omit<SweepFile, 'table'> & {
  table: Omit<SweepFile['table'], 'rows'> & { rows: NonNullable<SweepFile['table']['rows']> };
};

/** JSON Schema of sweep files, for editors. */
export function sweepJsonSchema(): Record<string, unknown> {
  return { title: 'edgesweep sweep file', ...z.toJSONSchema(sweepFileSchema, { io: 'input' }) };
}
