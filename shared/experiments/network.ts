import { z } from 'zod';
import { ACTIVATIONS } from '../activations.ts';
import { type Dataset, datasetSchema, type ImageDataset } from '../dataset.ts';
import { LABELS } from '../datasets.ts';
import { count, LIMITS } from '../limits.ts';
import { DATA_DRAWS, INITIALIZATIONS } from '../vocabulary.ts';
import type { GridValue } from './experiment.ts';

/** The parts of a cell whose experiment trains networks. */
export const networkCell = {
  activation: z.enum(ACTIVATIONS),
  /** number of weight matrices */
  depth: count(LIMITS.depth),
  /** hidden units per layer */
  width: count(LIMITS.width),
  dataset: datasetSchema,
  batchSize: z.union([z.literal('full'), count(LIMITS.examples)]),
  initialization: z.enum(INITIALIZATIONS),
};
export const drawSchema = z.enum(DATA_DRAWS);

const networkSchema = z.strictObject(networkCell);
export type NetworkCell = z.infer<typeof networkSchema>;

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

/** Digits of a digest that are shown: enough to tell files apart. */
const DIGEST_DIGITS = 12;

type DatasetParts = Partial<Omit<ImageDataset, 'kind'> & { kind: string; grayscale: boolean }>;
type HasDataset = { dataset: Dataset };

const partReader =
  (key: DatasetKey) =>
  ({ dataset }: HasDataset): GridValue | undefined => {
    const value = (dataset as DatasetParts)[key];
    if (value === undefined) return undefined;
    if (typeof value === 'object') return value.length === LABELS.length ? 'all' : value.join(' ');
    return key === 'digest' ? String(value).slice(0, DIGEST_DIGITS) : value;
  };

/** The keys of a grid of networks. */
export const networkKeys = {
  activation: (cell: NetworkCell) => cell.activation,
  depth: (cell: NetworkCell) => cell.depth,
  width: (cell: NetworkCell) => cell.width,
  'dataset.kind': partReader('kind'),
  'dataset.examples': partReader('examples'),
  'dataset.dimensions': partReader('dimensions'),
  'dataset.outputs': partReader('outputs'),
  'dataset.choose': partReader('choose'),
  'dataset.standardize': partReader('standardize'),
  'dataset.grayscale': partReader('grayscale'),
  'dataset.classes': partReader('classes'),
  'dataset.digest': partReader('digest'),
  batchSize: (cell: NetworkCell) => cell.batchSize,
  initialization: (cell: NetworkCell) => cell.initialization,
} as const;

/** Does each step take all examples? */
export const isFullBatch = ({ batchSize, dataset }: Pick<NetworkCell, 'batchSize' | 'dataset'>): boolean =>
  batchSize === 'full' || batchSize >= dataset.examples;

type Shape = Pick<NetworkCell, 'depth' | 'width' | 'dataset'>;

/** Weights and biases of each layer. */
export function layerParameters({ depth, width, dataset }: Shape): number[] {
  return Array.from({ length: depth }, (_, l) => {
    const inputs = l === 0 ? dataset.dimensions : width;
    return (inputs + 1) * (l === depth - 1 ? dataset.outputs : width);
  });
}

/** Expected multiply-adds of a training step: about 3 for each weight and example. */
export function costOfStep({ depth, width, dataset }: Shape, inputs: number, batch: number): number {
  const weights = layerParameters({ depth, width, dataset: { ...dataset, dimensions: inputs } }).reduce(
    (sum, size) => sum + size,
    0,
  );
  // updating the weights costs as much as one more example, and the activation of a hidden unit about 20 multiply-adds
  return 3 * weights * (batch + 1) + 20 * (depth - 1) * width * batch;
}
