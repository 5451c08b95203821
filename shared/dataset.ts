import { z } from 'zod';
import { IMAGE_DATASETS, type ImageKind, isImageKind, LABELS } from './datasets.ts';
import { lazily, type Parsed } from './lazily.ts';
import { count, LIMITS } from './limits.ts';
import { CHOICES, STANDARDIZATIONS } from './vocabulary.ts';

/** Synthetic regression: n examples of d inputs; `outputs` targets (d unless given). */
export const syntheticSchema = lazily(() =>
  z.strictObject({
    kind: z.literal('synthetic'),
    examples: count(LIMITS.examples),
    dimensions: count(LIMITS.dimensions),
    outputs: count(LIMITS.dimensions),
  }),
);
export type SyntheticDataset = Parsed<typeof syntheticSchema>;

const vocabulary = lazily(() => z.int().min(2).max(1000));

/** Sequences to sort: tokens from 0 to vocabulary - 1, and after them those of the sorted sequence but the last. */
export const sortingSchema = lazily(() =>
  z.strictObject({
    kind: z.literal('sorting'),
    examples: count(LIMITS.examples),
    /** tokens to sort */
    length: z.int().min(2).max(100),
    vocabulary: vocabulary(),
    /** follow from the others: one-hot tokens, and for each token of the sorted sequence its number one-hot */
    dimensions: count(LIMITS.dimensions),
    outputs: count(LIMITS.dimensions),
  }),
);
/** Two numbers, and their sum modulo the vocabulary. */
export const modularSchema = lazily(() =>
  z.strictObject({
    kind: z.literal('modular-addition'),
    examples: count(LIMITS.examples),
    vocabulary: vocabulary(),
    dimensions: count(LIMITS.dimensions),
    outputs: count(LIMITS.dimensions),
  }),
);
export type TokenDataset = Parsed<typeof sortingSchema> | Parsed<typeof modularSchema>;
export const TOKEN_KINDS = ['sorting', 'modular-addition'] as const;

const labels = lazily(() =>
  z
    .array(
      z
        .int()
        .min(0)
        .max(LABELS.length - 1),
    )
    .min(1)
    .refine((list) => list.every((label, i) => i === 0 || label > list[i - 1]), {
      message: 'the classes are out of order, or one is repeated',
      params: { expected: 'labels in ascending order, each once', got: 'another order', fix: 'sort them' },
    }),
);

const digest = lazily(() => z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256: 64 digits from 0 to f'));

/**
 * Examples to test on, besides those to train on. Of images the first ones of the test files, which their digest names (see `digestOf`)
 * like that of the training files; of synthetic data, without a digest, further draws from the same distribution.
 */
export const testSetSchema = lazily(() =>
  z.strictObject({ examples: count(LIMITS.examples), digest: digest().optional() }),
);
export type TestSet = Parsed<typeof testSetSchema>;

/** Images: pixels as inputs, and targets one-hot over the classes kept. What is read is named by its digest, see `digestOf`. */
function imageShape<Kind extends ImageKind>(kind: Kind) {
  return {
    kind: z.literal(kind),
    examples: count(IMAGE_DATASETS[kind].examples),
    choose: z.enum(CHOICES),
    standardize: z.enum(STANDARDIZATIONS),
    classes: labels(),
    /** follow from the kind, `grayscale` and `classes` */
    dimensions: count(LIMITS.dimensions),
    outputs: count(LABELS.length),
    digest: digest(),
  };
}
export const mnistSchema = lazily(() => z.strictObject(imageShape('mnist')));
export const fashionMnistSchema = lazily(() => z.strictObject(imageShape('fashion-mnist')));
export const cifar10Schema = lazily(() =>
  z.strictObject({
    ...imageShape('cifar10'),
    /** one channel instead of three */
    grayscale: z.boolean(),
  }),
);

export const datasetSchema = lazily(() =>
  z.discriminatedUnion('kind', [
    syntheticSchema(),
    mnistSchema(),
    fashionMnistSchema(),
    cifar10Schema(),
    sortingSchema(),
    modularSchema(),
  ]),
);
export type Dataset = Parsed<typeof datasetSchema>;
export type ImageDataset = Exclude<Dataset, SyntheticDataset | TokenDataset>;

/** Is it read from files? */
export const isImageDataset = (dataset: Dataset): dataset is ImageDataset => isImageKind(dataset.kind);
export const isTokenDataset = (dataset: Dataset): dataset is TokenDataset => 'vocabulary' in dataset;

/** Of data that are tokens. */
export const vocabularyOf = (dataset: Dataset): number | undefined =>
  isTokenDataset(dataset) ? dataset.vocabulary : undefined;

/** Files that a machine has to have, or to get, for a task: those of the training set, or the test set. */
export type DataNeed = Pick<ImageDataset, 'kind' | 'digest'> & { part?: 'test' | undefined };

/** The data sets of cells, each object once; cells of a user's program have none. */
export const datasetsOf = (cells: readonly object[]): Dataset[] => [
  ...new Set(cells.flatMap((cell) => ('dataset' in cell ? [cell.dataset as Dataset] : []))),
];

/** What cells test on, where they do. */
export const testSetOf = (cell: object): TestSet | undefined =>
  (cell as { trajectory?: { test?: TestSet } }).trajectory?.test;

/** What these need, each once. */
export function dataNeeds(cells: readonly object[]): DataNeed[] {
  const needs = new Map<string, DataNeed>();
  for (const dataset of datasetsOf(cells)) {
    if (isImageDataset(dataset)) needs.set(dataset.digest, { kind: dataset.kind, digest: dataset.digest });
  }
  for (const cell of cells) {
    const { digest: tested } = testSetOf(cell) ?? {};
    if (tested === undefined) continue;
    const { kind } = (cell as { dataset: ImageDataset }).dataset;
    needs.set(tested, { kind, digest: tested, part: 'test' });
  }
  return [...needs.values()];
}
