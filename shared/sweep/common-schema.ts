import { z } from 'zod';
import { SHORT_KEYS } from '../cell-keys.ts';
import { searchCellSchema } from '../experiments/mod.ts';
import { lazily } from '../lazily.ts';
import { MODELS, modelFacts } from '../models.ts';
import { ENGINE_CHOICES, SWEEP_ENGINES } from '../vocabulary.ts';
import { datasetKey, excludedDataset } from './dataset-schema.ts';
import { DEFAULTS } from './defaults.ts';
import { adaptiveRuns } from './runs.ts';
import { mapping, numbers, oneOrMore } from './shapes.ts';
import { shardKey } from './shard.ts';

/** The keys of every grid. */
export const gridKeys = lazily(() => {
  const cell = searchCellSchema().shape;
  return {
    activation: oneOrMore(cell.activation).describe('after every layer except the last'),
    depth: numbers(cell.depth).default(DEFAULTS.grid.depth).describe('number of weight matrices'),
    width: numbers(cell.width).default(DEFAULTS.grid.width).describe('hidden units per layer'),
    dataset: oneOrMore(datasetKey())
      .default(DEFAULTS.grid.dataset)
      .describe('the training data; its keys may be lists'),
    initialization: oneOrMore(cell.initialization)
      .default(DEFAULTS.grid.initialization)
      .describe('distribution of initial weights and biases'),
  };
});

export const modelKey = lazily(() =>
  oneOrMore(z.enum(MODELS)).describe(MODELS.map((model) => `${model}: ${modelFacts(model).describe}`).join('; ')),
);

export const excludeKeys = lazily(() => {
  const cell = searchCellSchema().shape;
  return {
    activation: oneOrMore(cell.activation).optional(),
    depth: oneOrMore(cell.depth).optional(),
    width: oneOrMore(cell.width).optional(),
    dataset: excludedDataset().optional(),
    initialization: oneOrMore(cell.initialization).optional(),
  };
});

/** Excludes cells by the kind, or by parameters, of a value that is a mapping with a `kind`. */
export function excludedKind(kinds: readonly string[], parameters: readonly string[]) {
  const values = [...new Set(parameters)].map((name) => [name, oneOrMore(z.number()).optional()] as const);
  return mapping({ kind: oneOrMore(z.enum(kinds)).optional(), ...Object.fromEntries(values) }).optional();
}

/** Groups of keys to tie: keys of the grid, and the parts of a dataset that is written as one mapping. */
export function zipKeys(gridKeyNames: readonly string[]) {
  const zippable = z.enum([...gridKeyNames, ...ZIPPABLE_PARTS.map((part) => `dataset.${part}`)]);
  return z.array(z.array(zippable).min(2)).default([]).describe('groups of keys that advance together');
}
const ZIPPABLE_PARTS = [
  'examples',
  'dimensions',
  'outputs',
  'choose',
  'standardize',
  'grayscale',
  'classes',
  'length',
  'vocabulary',
];

/** A key that tables and figures of the experiment can show. */
export const keysOf = ({ keys }: { keys: object }): z.ZodType<string> => z.enum([...Object.keys(keys), ...SHORT_KEYS]);

/** Of tables whose only choice is what their rows are. */
export const rowsOnly = (experiment: { keys: object }) =>
  mapping({
    rows: z.array(keysOf(experiment)).optional().describe('row keys; default: keys with more than one value'),
  }).prefault({});

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Where data come from: what every sweep file may say of it. */
export const dataKeys = lazily(() => {
  const cell = searchCellSchema().shape;
  return {
    draw: cell.data.shape.draw
      .default(DEFAULTS.data.draw)
      .describe('whether each run draws its own data, or all runs of a cell share one draw'),
    directory: z
      .string()
      .min(1)
      .optional()
      .describe('folder of the data sets; --data-dir and EDGESWEEP_DATA override it'),
  };
});

export const reduceKey = lazily(() =>
  z
    .literal('row-space')
    .optional()
    .describe('with fewer examples than inputs: train on as many inputs as examples; equivalent up to rounding'),
);

/** The keys that are the same in every sweep file. */
export const heading = lazily(() => ({
  name: z
    .string()
    .regex(NAME, 'at most 100 letters, digits, ".", "_" and "-", the first a letter or digit')
    .describe('name of the results directory'),
  title: z.string().min(1).describe('heading of the table'),
  source: z.string().min(1).optional().describe('reference to the paper'),
  shard: shardKey(),
}));

export const commonKeys = {
  seed: () =>
    z.int().nonnegative().default(DEFAULTS.seed).describe('seed of the data, weights and shuffling of every run'),
  runs: () =>
    z.int().positive().default(DEFAULTS.runs).describe('repetitions of each cell, each with its own random numbers'),
  /** @param of what has an interval */
  runsUntil: <const Of extends string>(of: Of) =>
    z
      .union([z.int().positive(), adaptiveRuns(of)])
      .default(DEFAULTS.runs)
      .describe('repetitions of each cell, each with its own random numbers; or {until, block, most}'),
  engine: () =>
    z
      .enum(SWEEP_ENGINES)
      .default(DEFAULTS.engine)
      .describe(
        'engine: native, simd and reference are bit-identical; auto is the fastest on this machine; tfjs is TensorFlow.js, a second opinion',
      ),
  exactEngine: () => z.enum(ENGINE_CHOICES).default(DEFAULTS.engine).describe('engine; all engines are bit-identical'),
};

export const GRID = 'each key is one value or several; the cells are the Cartesian product in the order written';
/** The key `exclude`. Few sweeps have it, so the schema of what it holds is built for these alone. */
export const excludeKey = <Keys extends z.ZodType>(keys: () => Keys) =>
  z
    .array(z.lazy(keys))
    .default([])
    .describe('cells to omit, by the values of some keys; a list matches any of its values');
