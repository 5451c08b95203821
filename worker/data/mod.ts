import { type Cell, type Dataset, dataNeeds, datasetsOf } from '../../shared/mod.ts';
import type { Examples } from '../engines/problem.ts';
import { candidates, imageExamples } from './images.ts';
import { readImages } from './read.ts';
import { syntheticRegression } from './synthetic.ts';

export { giveName } from './give-name.ts';
export { CIFAR_ARCHIVE, type FoundFile, findFiles, foldersWithin, lacking, locate, type Place } from './locate.ts';
export { contentsOf, GZIP_EXCESS, type Read, readArchive, readImages, readPlace, sumsOf } from './read.ts';
export { otherFiles, readTestPart, type TestPart } from './test-part.ts';
export { syntheticRegression };

/**
 * Reads what these cells need, to find out once what else each of their tasks would.
 * @throws EdgesweepError what `readImages` throws; DATA_TOO_FEW
 */
export function requireData(cells: readonly Cell[], folders: readonly string[]): void {
  for (const { kind, digest } of dataNeeds(cells)) {
    const { images } = readImages(kind, digest, folders);
    for (const dataset of datasetsOf(cells)) {
      if (dataset.kind !== 'synthetic' && dataset.digest === digest) candidates(dataset, images);
    }
  }
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
