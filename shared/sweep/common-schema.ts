import { z } from 'zod';
import { searchCellSchema } from '../cell.ts';
import { SWEEP_ENGINES } from '../vocabulary.ts';
import { dataset, excludedDataset } from './dataset-schema.ts';
import { DEFAULTS } from './defaults.ts';
import { CELL_KEYS, GRID_KEYS, SHORT_KEYS } from './keys.ts';
import { numbers, oneOrMore } from './shapes.ts';

const cell = searchCellSchema.shape;

/** The keys of every grid. */
export const gridKeys = {
  activation: oneOrMore(cell.activation).describe('after every layer but the last'),
  depth: numbers(cell.depth).default(DEFAULTS.grid.depth).describe('number of weight matrices'),
  width: numbers(cell.width).default(DEFAULTS.grid.width).describe('hidden units per layer'),
  dataset: oneOrMore(dataset).default(DEFAULTS.grid.dataset).describe('what is fitted; its parts may be lists as well'),
  initialization: oneOrMore(cell.initialization)
    .default(DEFAULTS.grid.initialization)
    .describe('how weights and biases are drawn'),
};

export const excludeKeys = {
  activation: oneOrMore(cell.activation).optional(),
  depth: oneOrMore(cell.depth).optional(),
  width: oneOrMore(cell.width).optional(),
  dataset: excludedDataset.optional(),
  initialization: oneOrMore(cell.initialization).optional(),
};

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

export const tableKeys = z.array(z.enum([...CELL_KEYS, ...SHORT_KEYS]));

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Where data come from: what every sweep file may say of it. */
export const dataKeys = {
  draw: cell.data.shape.draw
    .default(DEFAULTS.data.draw)
    .describe('whether each run draws its own data, or all runs of a cell share one draw'),
  directory: z
    .string()
    .min(1)
    .optional()
    .describe('where the files of data sets are, unless --data-dir or EDGESWEEP_DATA say so'),
};

/** The first keys of every sweep file, but for its experiment. */
export const heading = {
  name: z
    .string()
    .regex(NAME, 'at most 100 letters, digits, ".", "_" and "-", the first a letter or digit')
    .describe('names the directory of the results'),
  title: z.string().min(1).describe('what the sweep shows, for the heading of its table'),
  source: z.string().min(1).optional().describe('where in the paper the sweep comes from'),
};

export const commonKeys = {
  seed: z.int().nonnegative().default(DEFAULTS.seed).describe('seeds data, weights and shuffling of every run'),
  runs: z
    .int()
    .positive()
    .default(DEFAULTS.runs)
    .describe('repetitions of each cell, each with its own random numbers'),
  zip: z.array(z.array(zippable).min(2)).default([]).describe('groups of keys that advance together'),
  engine: z
    .enum(SWEEP_ENGINES)
    .default(DEFAULTS.engine)
    .describe(
      'what computes: native, simd and reference agree to the bit, auto is the fastest here; tfjs is TensorFlow.js, a second opinion',
    ),
};

export const GRID = 'every key is one value or several; the product is taken in the order written';
export const EXCLUDE = 'cells to leave out, by the values of some keys; a list means any of';
