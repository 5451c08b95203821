import { z } from 'zod';
import {
  cifar10Schema,
  fashionMnistSchema,
  mnistSchema,
  modularSchema,
  sortingSchema,
  syntheticSchema,
  TOKEN_KINDS,
} from '../dataset.ts';
import { IMAGE_KINDS } from '../datasets.ts';
import { lazily } from '../lazily.ts';
import { mapping, numbers, oneOrMore } from './shapes.ts';

/** The kinds of data sets. */
const KINDS = ['synthetic', ...IMAGE_KINDS, ...TOKEN_KINDS] as const;

const synthetic = () =>
  mapping({
    kind: syntheticSchema().shape.kind.describe(
      'synthetic: linear regression data with normal inputs, weights and noise',
    ),
    examples: numbers(syntheticSchema().shape.examples).describe('number of examples'),
    dimensions: numbers(syntheticSchema().shape.dimensions).describe('inputs per example'),
    outputs: numbers(syntheticSchema().shape.outputs)
      .optional()
      .describe('targets per example; default: the number of inputs'),
  });

const sorting = () =>
  mapping({
    kind: sortingSchema().shape.kind.describe(
      'sorting: random sequences of tokens, each followed by the sorted sequence, which is predicted',
    ),
    examples: numbers(sortingSchema().shape.examples).describe('number of sequences'),
    length: numbers(sortingSchema().shape.length).describe('tokens to sort'),
    vocabulary: numbers(sortingSchema().shape.vocabulary).describe('number of different tokens'),
  });

const modularAddition = () =>
  mapping({
    kind: modularSchema().shape.kind.describe('modular-addition: pairs of numbers, and their sum modulo `vocabulary`'),
    examples: numbers(modularSchema().shape.examples).describe('number of pairs, each different'),
    vocabulary: numbers(modularSchema().shape.vocabulary).describe('the modulus'),
  });

function images<Kind extends z.ZodType>(
  kind: Kind,
  { examples, choose, standardize, classes, digest }: Omit<ReturnType<typeof mnistSchema>['shape'], 'kind'>,
) {
  return {
    kind: kind.describe('images as inputs, their labels one-hot as targets'),
    examples: numbers(examples).describe('number of examples'),
    choose: oneOrMore(choose)
      .optional()
      .describe('first: the first examples of the files (default); drawn: a random draw for each run'),
    standardize: oneOrMore(standardize)
      .optional()
      .describe(
        'none (default): pixels / 255; channel or pixel: (x - mean) / standard deviation over the training set',
      ),
    classes: z
      .union([classes, z.array(classes).min(1)])
      .optional()
      .describe('labels of the examples to keep; default: all'),
    digest: digest
      .optional()
      .describe('digest of the files, as printed by `edgesweep data check`; default: that of the published files'),
  };
}

/** A data set as written in the grid: each key but `kind` and `digest` may have several values. */
export const datasetKey = lazily(() =>
  z.discriminatedUnion(
    'kind',
    [
      synthetic(),
      mapping(images(mnistSchema().shape.kind, mnistSchema().shape)),
      mapping(images(fashionMnistSchema().shape.kind, fashionMnistSchema().shape)),
      mapping({
        ...images(cifar10Schema().shape.kind, cifar10Schema().shape),
        grayscale: oneOrMore(cifar10Schema().shape.grayscale)
          .optional()
          .describe('one luminance channel instead of red, green and blue; default: false'),
      }),
      sorting(),
      modularAddition(),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? KINDS.join(', ') : undefined) },
  ),
);

/** By which values of a data set cells may be left out. */
export const excludedDataset = lazily(() =>
  mapping({
    kind: oneOrMore(z.enum(KINDS)).optional(),
    examples: oneOrMore(syntheticSchema().shape.examples).optional(),
    dimensions: oneOrMore(syntheticSchema().shape.dimensions).optional(),
    outputs: oneOrMore(syntheticSchema().shape.outputs).optional(),
    choose: oneOrMore(mnistSchema().shape.choose).optional(),
    standardize: oneOrMore(mnistSchema().shape.standardize).optional(),
    classes: z.union([mnistSchema().shape.classes, z.array(mnistSchema().shape.classes).min(1)]).optional(),
    digest: oneOrMore(mnistSchema().shape.digest).optional(),
    grayscale: oneOrMore(cifar10Schema().shape.grayscale).optional(),
    length: oneOrMore(sortingSchema().shape.length).optional(),
    vocabulary: oneOrMore(sortingSchema().shape.vocabulary).optional(),
  }),
);
