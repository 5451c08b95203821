import { z } from 'zod';
import { cifar10Schema, fashionMnistSchema, mnistSchema, syntheticSchema } from '../dataset.ts';
import { IMAGE_KINDS } from '../datasets.ts';
import { mapping, numbers, oneOrMore } from './shapes.ts';

/** The kinds of data sets. */
const KINDS = ['synthetic', ...IMAGE_KINDS] as const;

const synthetic = mapping({
  kind: syntheticSchema.shape.kind.describe('synthetic: linear regression data with normal inputs, weights and noise'),
  examples: numbers(syntheticSchema.shape.examples).describe('number of examples'),
  dimensions: numbers(syntheticSchema.shape.dimensions).describe('inputs per example'),
  outputs: numbers(syntheticSchema.shape.outputs)
    .optional()
    .describe('targets per example; as many as inputs unless given'),
});

function images<Kind extends z.ZodType>(
  kind: Kind,
  { examples, choose, standardize, classes, digest }: Omit<typeof mnistSchema.shape, 'kind'>,
) {
  return {
    kind: kind.describe('images as inputs, their labels one-hot as targets'),
    examples: numbers(examples).describe('number of examples'),
    choose: oneOrMore(choose)
      .optional()
      .describe('the first examples of the files (unless given), or ones drawn for each run'),
    standardize: oneOrMore(standardize)
      .optional()
      .describe(
        'none (unless given): pixels / 255; else less the mean, over the standard deviation, of each channel or pixel over the training set',
      ),
    classes: z
      .union([classes, z.array(classes).min(1)])
      .optional()
      .describe('labels of the examples to keep; all of them unless given'),
    digest: digest
      .optional()
      .describe('of the files, as `edgesweep data check` prints it; that of the published ones unless given'),
  };
}

/** A data set as written in the grid: each key but `kind` and `digest` may have several values. */
export const dataset = z.discriminatedUnion(
  'kind',
  [
    synthetic,
    mapping(images(mnistSchema.shape.kind, mnistSchema.shape)),
    mapping(images(fashionMnistSchema.shape.kind, fashionMnistSchema.shape)),
    mapping({
      ...images(cifar10Schema.shape.kind, cifar10Schema.shape),
      grayscale: oneOrMore(cifar10Schema.shape.grayscale)
        .optional()
        .describe('one channel, the luminance, instead of red, green and blue; false unless given'),
    }),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? KINDS.join(', ') : undefined) },
);

/** By which values of a data set cells may be left out. */
export const excludedDataset = mapping({
  kind: oneOrMore(z.enum(KINDS)).optional(),
  examples: oneOrMore(syntheticSchema.shape.examples).optional(),
  dimensions: oneOrMore(syntheticSchema.shape.dimensions).optional(),
  outputs: oneOrMore(syntheticSchema.shape.outputs).optional(),
  choose: oneOrMore(mnistSchema.shape.choose).optional(),
  standardize: oneOrMore(mnistSchema.shape.standardize).optional(),
  classes: z.union([mnistSchema.shape.classes, z.array(mnistSchema.shape.classes).min(1)]).optional(),
  digest: oneOrMore(mnistSchema.shape.digest).optional(),
  grayscale: oneOrMore(cifar10Schema.shape.grayscale).optional(),
});
