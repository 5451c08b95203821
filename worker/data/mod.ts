import type { Cell, Dataset } from '../../shared/mod.ts';
import type { Examples } from '../engines/engine.ts';
import { imageExamples } from './images.ts';
import { readImages } from './read.ts';
import { syntheticRegression } from './synthetic.ts';

export { CIFAR_ARCHIVE, CIFAR_FOLDER, folderOf, locate, type Place } from './locate.ts';
export { type Read, readArchive, readImages, readPlace } from './read.ts';
export { syntheticRegression };

/** What of the data of a task its machine has to have, or to get. */
export type DataNeed = Pick<Exclude<Dataset, { kind: 'synthetic' }>, 'kind' | 'digest'>;

/** The training sets that these cells need, each once. */
export function dataNeeds(cells: readonly Pick<Cell, 'dataset'>[]): DataNeed[] {
  const needs = new Map<string, DataNeed>();
  for (const { dataset } of cells) {
    if (dataset.kind !== 'synthetic') needs.set(dataset.digest, { kind: dataset.kind, digest: dataset.digest });
  }
  return [...needs.values()];
}

/**
 * Reads what these cells need, to find out once what else each of their tasks would.
 * @throws EdgesweepError what `readImages` throws
 */
export function requireData(cells: readonly Pick<Cell, 'dataset'>[], folders: readonly string[]): void {
  for (const { kind, digest } of dataNeeds(cells)) readImages(kind, digest, folders);
}

/**
 * The examples of a data set: a function of the data set, the seed and the run.
 * @param folders data directories, in which the files of a data set that has files are looked for
 */
export function examplesOf(dataset: Dataset, seed: number, run: number, folders: readonly string[]): Examples {
  return dataset.kind === 'synthetic'
    ? syntheticRegression(dataset, seed, run)
    : imageExamples(dataset, seed, run, folders);
}
