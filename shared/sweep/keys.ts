import type { Cell } from '../cell.ts';
import type { ImageDataset } from '../dataset.ts';
import { LABELS } from '../datasets.ts';
import { EdgesweepError } from '../errors.ts';
import { optimizerLabel } from '../optimizer.ts';
import { schemeLabel } from '../schemes/mod.ts';
import { nearest } from './nearest.ts';

/** The keys of the grid in a sweep file. */
export const GRID_KEYS = [
  'activation',
  'depth',
  'width',
  'dataset',
  'batchSize',
  'initialization',
  'scheme',
  'model',
  'loss',
  'optimizer',
] as const;

/** The keys of a dataset, of which each kind has some. */
export const DATASET_KEYS = [
  'kind',
  'examples',
  'dimensions',
  'outputs',
  'choose',
  'standardize',
  'grayscale',
  'classes',
  'digest',
] as const;
export type DatasetKey = (typeof DATASET_KEYS)[number];

/** A value of a cell that a table can show. */
export type GridValue = string | number | boolean;

/** What a cell has at a key that its kind of dataset, or its experiment, lacks. */
const LACKING = '-';
/** Digits of a digest that are shown: enough to tell files apart. */
const DIGEST_DIGITS = 12;

type DatasetParts = Partial<Omit<ImageDataset, 'kind'> & { kind: string; grayscale: boolean }>;

const partReader =
  (key: DatasetKey) =>
  ({ dataset }: Cell): GridValue => {
    const value = (dataset as DatasetParts)[key];
    if (value === undefined) return LACKING;
    if (typeof value === 'object') return value.length === LABELS.length ? 'all' : value.join(' ');
    return key === 'digest' ? String(value).slice(0, DIGEST_DIGITS) : value;
  };

const READERS = {
  activation: (cell) => cell.activation,
  depth: (cell) => cell.depth,
  width: (cell) => cell.width,
  'dataset.kind': partReader('kind'),
  'dataset.examples': partReader('examples'),
  'dataset.dimensions': partReader('dimensions'),
  'dataset.outputs': partReader('outputs'),
  'dataset.choose': partReader('choose'),
  'dataset.standardize': partReader('standardize'),
  'dataset.grayscale': partReader('grayscale'),
  'dataset.classes': partReader('classes'),
  'dataset.digest': partReader('digest'),
  batchSize: (cell) => cell.batchSize,
  initialization: (cell) => cell.initialization,
  model: (cell) => ('search' in cell ? (cell.model ?? 'mlp') : LACKING),
  loss: (cell) => ('search' in cell ? (cell.loss ?? 'mse') : LACKING),
  optimizer: (cell) => ('search' in cell ? optimizerLabel(cell.optimizer ?? { kind: 'sgd' }) : LACKING),
  scheme: (cell) => ('scheme' in cell ? schemeLabel(cell.scheme) : LACKING),
} as const satisfies Record<string, (cell: Cell) => GridValue>;

/** The keys that have one value in each cell. */
export type CellKey = keyof typeof READERS;
export const CELL_KEYS = Object.keys(READERS) as CellKey[];

/** Short forms: the last part of the keys with a dot, none of which is a key of its own. */
export const SHORT_KEYS = DATASET_KEYS;

function isCellKey(key: string): key is CellKey {
  return Object.hasOwn(READERS, key);
}

/** `dataset.examples` for `examples`; a full key is returned as it is. */
export function fullKey(key: CellKey | DatasetKey): CellKey {
  return isCellKey(key) ? key : `dataset.${key}`;
}

/** The reader of one key, for loops over many cells. */
export function reader(key: CellKey): (cell: Cell) => GridValue {
  return READERS[key];
}

/**
 * The value of a cell at a key such as `activation`, `dataset.examples` or, in short, `examples`.
 * @throws EdgesweepError USAGE for an unknown key
 */
export function cellValue(cell: Cell, key: string): GridValue {
  return READERS[keyName(key)](cell);
}

/**
 * The full key that is meant by a key such as `activation`, `dataset.examples` or, in short, `examples`.
 * @throws EdgesweepError USAGE for an unknown key
 */
export function keyName(key: string): CellKey {
  const full = SHORT_KEYS.some((short) => short === key) ? `dataset.${key}` : key;
  if (isCellKey(full)) return full;
  const meant = nearest(key, [...CELL_KEYS, ...SHORT_KEYS]);
  throw new EdgesweepError('USAGE', `unknown grid key \`${key}\``, {
    expected: `one of ${CELL_KEYS.join(', ')}`,
    got: key,
    fix: meant === undefined ? 'use one of these keys' : `did you mean \`${meant}\`?`,
  });
}

/** The keys that take more than one value over these cells. */
export function varyingKeys(cells: readonly Cell[]): CellKey[] {
  return CELL_KEYS.filter((key) => cells.some((cell) => READERS[key](cell) !== READERS[key](cells[0])));
}

/** What a message leaves out where it is as usual. */
const USUAL: Partial<Record<CellKey, GridValue>> = { model: 'mlp', loss: 'mse', optimizer: 'sgd' };

/** All values of a cell in one line, for messages. */
export function describeCell(cell: Cell): string {
  const values = CELL_KEYS.map((key) => [key, READERS[key](cell)] as const);
  return values
    .filter(([key, value]) => value !== LACKING && value !== USUAL[key])
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
