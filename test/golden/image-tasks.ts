import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NUMERICS, publishedDigest, type SearchTask, searchCellSchema, taskId } from '../../shared/mod.ts';

/** Where Debian's package dataset-fashion-mnist puts the data. */
export const DEBIAN_FOLDER = '/usr/share/datasets';

export function requireFashionMnist(): void {
  if (existsSync(join(DEBIAN_FOLDER, 'fashion-mnist', 'train-images-idx3-ubyte.gz'))) return;
  throw new Error(
    `this test needs Fashion-MNIST in ${DEBIAN_FOLDER}/fashion-mnist: apt install dataset-fashion-mnist, or elsewhere edgesweep data fetch fashion-mnist --data-dir ${DEBIAN_FOLDER}`,
  );
}

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** A few of each way to choose and to scale examples of Fashion-MNIST. */
export const IMAGE_TASKS: readonly SearchTask[] = [
  {},
  { standardize: 'channel', activation: 'relu' },
  { standardize: 'pixel', activation: 'sigmoid', batchSize: 4 },
  { choose: 'drawn', classes: [2, 7], activation: 'linear', run: 1 },
].map(({ standardize = 'none', choose = 'first', classes = ALL, activation = 'tanh', batchSize = 'full', run = 0 }) => {
  const cell = searchCellSchema.parse({
    activation,
    depth: 3,
    width: 5,
    dataset: {
      kind: 'fashion-mnist',
      examples: 12,
      choose,
      standardize,
      classes,
      dimensions: 784,
      outputs: classes.length,
      digest: publishedDigest('fashion-mnist'),
    },
    batchSize,
    initialization: 'pytorch-default',
    data: { draw: 'per-run' },
    search: { initialStepSize: 0.01, growth: 1.3, steps: 20, ceiling: 1e4 },
  });
  const task = { experiment: 'maximal-step-size' as const, cell, run, seed: 0, numerics: NUMERICS };
  return { id: taskId(task), ...task };
});
