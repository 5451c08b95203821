import { z } from 'zod';
import { ACTIVATIONS } from '../activations.ts';
import { type Dataset, datasetSchema, type ImageDataset, vocabularyOf } from '../dataset.ts';
import { LABELS } from '../datasets.ts';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS } from '../limits.ts';
import { GRAPHS, type Model, type ModelShape, modelFacts } from '../models.ts';
import { DATA_DRAWS, GRAPH, INITIALIZATIONS } from '../vocabulary.ts';
import type { GridValue } from './experiment.ts';

/** The parts of a cell whose experiment trains networks. */
export const networkCell = lazily(() => ({
  activation: z.enum(ACTIVATIONS),
  /** number of weight matrices */
  depth: count(LIMITS.depth),
  /** hidden units per layer */
  width: count(LIMITS.width),
  dataset: datasetSchema(),
  batchSize: z.union([z.literal('full'), count(LIMITS.examples)]),
  initialization: z.enum(INITIALIZATIONS),
}));
export const drawSchema = lazily(() => z.enum(DATA_DRAWS));

const networkSchema = lazily(() => z.strictObject(networkCell()));
export type NetworkCell = Parsed<typeof networkSchema>;

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
  'length',
  'vocabulary',
  'digest',
] as const;
export type DatasetKey = (typeof DATASET_KEYS)[number];

/** Digits of a digest that are shown: enough to tell files apart. */
const DIGEST_DIGITS = 12;

type DatasetParts = Partial<
  Omit<ImageDataset, 'kind'> & { kind: string; grayscale: boolean; length: number; vocabulary: number }
>;
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
  'dataset.length': partReader('length'),
  'dataset.vocabulary': partReader('vocabulary'),
  'dataset.digest': partReader('digest'),
  batchSize: (cell: NetworkCell) => cell.batchSize,
  initialization: (cell: NetworkCell) => cell.initialization,
} as const;

/** Does each step take all examples? */
export const isFullBatch = ({ batchSize, dataset }: Pick<NetworkCell, 'batchSize' | 'dataset'>): boolean =>
  batchSize === 'full' || batchSize >= dataset.examples;

/** What a cell may say of its model: nothing of a multilayer perceptron. */
export const modelCell = lazily(() => ({
  model: z.enum(GRAPHS).optional(),
  /** absent on engine tfjs */
  graph: z.literal(GRAPH).optional(),
}));

type Shape = Pick<NetworkCell, 'depth' | 'width' | 'dataset'> & { model?: Model | undefined };

const shapeOf = ({ depth, width, dataset }: Shape, inputs = dataset.dimensions): ModelShape => {
  return { inputs, width, outputs: dataset.outputs, depth, vocabulary: vocabularyOf(dataset) };
};

/** Weights and biases of each layer. */
export const layerParameters = (cell: Shape): number[] =>
  modelFacts(cell.model)
    .layers(shapeOf(cell))
    .map(({ weights, biases }) => weights + biases);

/** Expected multiply-adds of a training step: about 3 for each that an example takes forward. */
export function costOfStep(cell: Shape, inputs: number, batch: number): number {
  const { layers, work } = modelFacts(cell.model);
  const shape = shapeOf(cell, inputs);
  const parameters = layers(shape).reduce((sum, { weights, biases }) => sum + weights + biases, 0);
  const { products, activations } = work(shape);
  // updating a parameter costs as much as a multiply-add of one more example, and the activation of a hidden unit about 20
  return 3 * (products * batch + parameters) + 20 * activations * batch;
}
