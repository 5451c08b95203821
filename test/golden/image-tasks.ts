import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ImageDataset,
  NUMERICS,
  publishedDigest,
  type SearchCell,
  type SearchTask,
  searchCellSchema,
  taskId,
} from '../../shared/mod.ts';

/** Where Debian's package dataset-fashion-mnist puts the data. */
export const DEBIAN_FOLDER = '/usr/share/datasets';

export function requireFashionMnist(): void {
  if (existsSync(join(DEBIAN_FOLDER, 'fashion-mnist', 'train-images-idx3-ubyte.gz'))) return;
  throw new Error(
    `this test needs Fashion-MNIST in ${DEBIAN_FOLDER}/fashion-mnist: apt install dataset-fashion-mnist, or elsewhere edgesweep data fetch fashion-mnist --data-dir ${DEBIAN_FOLDER}`,
  );
}

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

type Choice = Partial<
  Pick<SearchCell, 'activation' | 'batchSize' | 'loss' | 'optimizer'> &
    Pick<ImageDataset, 'choose' | 'standardize' | 'classes'> & {
      run: number;
      growth: number;
      lossAbove: number;
      reduce: SearchCell['data']['reduce'];
    }
>;

/** A task on a dozen examples of Fashion-MNIST. */
export function imageTask({
  standardize = 'none',
  choose = 'first',
  classes = ALL,
  activation = 'tanh',
  batchSize = 'full',
  run = 0,
  growth = 1.3,
  lossAbove,
  reduce,
  ...rest
}: Choice): SearchTask {
  const cell = searchCellSchema().parse({
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
    data: { draw: 'per-run', ...(reduce !== undefined && { reduce }) },
    search: {
      initialStepSize: 0.01,
      growth,
      steps: 20,
      ceiling: 1e4,
      ...(lossAbove !== undefined && { criterion: { lossAbove } }),
    },
    ...rest,
  });
  const task = { experiment: 'maximal-step-size' as const, cell, run, seed: 0, numerics: NUMERICS };
  return { id: taskId(task), ...task };
}

/** A few of each way to choose and to scale examples of Fashion-MNIST. */
export const IMAGE_TASKS: readonly SearchTask[] = [
  imageTask({}),
  imageTask({ standardize: 'channel', activation: 'relu' }),
  imageTask({ standardize: 'pixel', activation: 'sigmoid', batchSize: 4 }),
  imageTask({ choose: 'drawn', classes: [2, 7], activation: 'linear', run: 1 }),
];
