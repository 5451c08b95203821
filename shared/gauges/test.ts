import { z } from 'zod';
import { type Dataset, isTokenDataset, testSetSchema } from '../dataset.ts';
import { IMAGE_DATASETS, isImageKind, LABELS, publishedDigest } from '../datasets.ts';
import { count, LIMITS } from '../limits.ts';
import { mapping } from '../sweep/shapes.ts';
import { defineGauge, type GaugedCell } from './gauge.ts';

const { examples, digest } = testSetSchema.shape;
const every = count(LIMITS.iterations);

/** Columns of accuracies: shares of the examples whose largest output is that of their class. */
export const TEST_COLUMNS = { loss: 'test_loss', accuracy: 'test_accuracy', trainingAccuracy: 'accuracy' } as const;

/** Loss on examples that are not trained on, and of classes the accuracy on these and on those trained on. */
export const test = defineGauge({
  name: 'test',
  describe: 'loss and accuracy on test examples, and the training accuracy',
  schema: testSetSchema.extend({ every }),
  written: z.union([
    z.boolean(),
    mapping({
      every: every.optional().describe('interval between them, in iterations; default: that of the sharpness'),
      examples: examples
        .optional()
        .describe('test examples, of images the first of the files; default: as many as are trained on, or all'),
      digest: digest.describe('digest of the test files of images; default: that of the published ones'),
    }),
  ]),
  complete({ dataset, trajectory }, written) {
    const { every = trajectory.every, examples = testExamples(dataset), digest } = written === true ? {} : written;
    if (!isImageKind(dataset.kind)) return { every, examples };
    return { every, examples, digest: digest ?? publishedDigest(dataset.kind, 'test') };
  },
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
    if (!isImageKind(dataset.kind)) return undefined;
    const { testExamples: most } = IMAGE_DATASETS[dataset.kind];
    if (settings.examples <= most) return undefined;
    return {
      message: `the test set of ${dataset.kind} is smaller`,
      expected: `at most ${most} examples`,
      got: String(settings.examples),
      fix: 'lower `test.examples`',
    };
  },
});

export const hasClasses = ({ dataset }: Pick<GaugedCell, 'dataset'>): boolean => isImageKind(dataset.kind);

/** As many as are trained on; of images no more than there are of so many classes, which have about as many examples each. */
function testExamples(dataset: Dataset): number {
  if (!isImageKind(dataset.kind)) return dataset.examples;
  const { testExamples: all } = IMAGE_DATASETS[dataset.kind];
  return Math.min(dataset.examples, Math.floor((all * dataset.outputs) / LABELS.length));
}
