import { z } from 'zod';
import { type Dataset, type ImageDataset, isImageDataset, isTokenDataset, testSetSchema } from '../dataset.ts';
import { IMAGE_DATASETS, isImageKind, LABELS, publishedDigest } from '../datasets.ts';
import { lazily } from '../lazily.ts';
import { count, LIMITS } from '../limits.ts';
import { mapping } from '../sweep/shapes.ts';
import { TRAJECTORY_2 } from '../vocabulary.ts';
import { defineGauge, type GaugedCell } from './gauge.ts';

const schema = lazily(() => testSetSchema().extend({ every: count(LIMITS.iterations) }));

/** Columns of accuracies: shares of the examples whose largest output is that of their class. */
export const TEST_COLUMNS = { loss: 'test_loss', accuracy: 'test_accuracy', trainingAccuracy: 'accuracy' } as const;

/** Loss on examples that are not trained on, and of classes the accuracy on these and on those trained on. */
export const test = defineGauge({
  name: 'test',
  describe: 'loss and accuracy on test examples, and the training accuracy',
  schema,
  written() {
    const { every, examples, digest } = schema().shape;
    return z.union([
      z.boolean(),
      mapping({
        every: every.optional().describe('interval between them, in iterations; default: that of the sharpness'),
        examples: examples
          .optional()
          .describe('test examples, of images the first of the files; default: as many as are trained on, or all'),
        digest: digest.describe('digest of the test files of images; default: that of the published ones'),
      }),
    ]);
  },
  complete({ dataset, trajectory }, written) {
    const { every = trajectory.every, digest } = written === true ? {} : written;
    const { examples = testExamples(dataset, digest) } = written === true ? {} : written;
    if (!isImageDataset(dataset)) return { every, examples };
    if (digest !== undefined) return { every, examples, digest };
    // other training files have other test files, if any
    const isPublished = dataset.digest === publishedDigest(dataset.kind);
    return isPublished ? { every, examples, digest: publishedDigest(dataset.kind, 'test') } : { every, examples };
  },
  // the result has `test`
  arithmetic: TRAJECTORY_2,
  panels: ['test-loss', 'accuracy'],
  columns: (cell) =>
    hasClasses(cell) ? [TEST_COLUMNS.loss, TEST_COLUMNS.accuracy, TEST_COLUMNS.trainingAccuracy] : [TEST_COLUMNS.loss],
  due: (iteration, settings) => (iteration - 1) % settings.every === 0,
  cost: ({ dataset, trajectory }, settings) =>
    ((settings.examples / dataset.examples / 3) * trajectory.every) / settings.every,
  fault({ dataset }, settings) {
    if (isTokenDataset(dataset)) {
      return {
        message: 'sequences of tokens have no test set',
        expected: 'images or synthetic data',
        got: `dataset ${dataset.kind}`,
        fix: 'remove `trajectory.test`',
      };
    }
    if (!isImageDataset(dataset)) return undefined;
    if (settings.digest === undefined) {
      return {
        message: 'the training files are not the published ones, so their test files are not known',
        expected: '`test.digest`',
        got: 'no digest',
        fix: 'add the digest of your test files, or remove `trajectory.test`',
      };
    }
    const most = mostExamples(dataset, settings.digest);
    if (settings.examples <= most) return undefined;
    const classes = dataset.outputs < LABELS.length ? ` with so few classes` : '';
    return {
      message: `the test set of ${dataset.kind}${classes} is smaller`,
      expected: `at most ${most} examples`,
      got: String(settings.examples),
      fix: 'lower `test.examples`',
    };
  },
});

export const hasClasses = ({ dataset }: Pick<GaugedCell, 'dataset'>): boolean => isImageKind(dataset.kind);

/** As many as are trained on, or all. */
function testExamples(dataset: Dataset, digest: string | undefined): number {
  return isImageDataset(dataset) ? Math.min(dataset.examples, mostExamples(dataset, digest)) : dataset.examples;
}

/** Test images of the classes kept; of files other than the published ones all that there can be. */
function mostExamples({ kind, classes }: ImageDataset, digest = publishedDigest(kind, 'test')): number {
  const { testExamples: all, testClasses } = IMAGE_DATASETS[kind];
  if (digest !== publishedDigest(kind, 'test')) return all;
  return classes.reduce((sum, label) => sum + testClasses[label], 0);
}
