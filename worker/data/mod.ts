import type { Dataset } from '../../shared/mod.ts';
import type { Examples } from '../engines/engine.ts';
import { imageExamples } from './images.ts';
import { syntheticRegression } from './synthetic.ts';

export { CIFAR_ARCHIVE, CIFAR_FOLDER, folderOf, locate, type Place } from './locate.ts';
export { type Read, readImages, readPlace } from './read.ts';
export { syntheticRegression };

/**
 * The examples of a data set: a function of the data set, the seed and the run.
 * @param folders data directories, in which the files of a data set that has files are looked for
 */
export function examplesOf(dataset: Dataset, seed: number, run: number, folders: readonly string[]): Examples {
  return dataset.kind === 'synthetic'
    ? syntheticRegression(dataset, seed, run)
    : imageExamples(dataset, seed, run, folders);
}
