import {
  type Cell,
  type Dataset,
  dataNeeds,
  datasetsOf,
  type ImageDataset,
  isImageDataset,
  isTokenDataset,
  type TestSet,
  testSetOf,
} from '../../shared/mod.ts';
import type { Examples } from '../engines/problem.ts';
import { candidates, imageExamples, imageTestExamples } from './images.ts';
import { readImages } from './read.ts';
import { syntheticRegression, syntheticTestExamples } from './synthetic.ts';
import { tokenExamples } from './tokens.ts';

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
  for (const { kind, digest, part } of dataNeeds(cells)) {
    const { images } = readImages(kind, digest, folders, part);
    if (part === 'test') {
      for (const cell of cells) {
        const test = testSetOf(cell);
        if (test?.digest !== digest) continue;
        const { dataset } = cell as { dataset: ImageDataset };
        candidates({ ...dataset, examples: test.examples }, images);
      }
      continue;
    }
    for (const dataset of datasetsOf(cells)) {
      if (isImageDataset(dataset) && dataset.digest === digest) candidates(dataset, images);
    }
  }
}

/**
 * The examples of a data set: a function of the data set, the seed and the run.
 * @param folders data directories, in which the files of a data set that has files are looked for
 */
export function examplesOf(dataset: Dataset, seed: number, run: number, folders: readonly string[]): Examples {
  if (isTokenDataset(dataset)) return tokenExamples(dataset, seed, run);
  return dataset.kind === 'synthetic'
    ? syntheticRegression(dataset, seed, run)
    : imageExamples(dataset, seed, run, folders);
}

/** The examples that a cell tests on: a function of its data, the seed and the run. */
export function testExamplesOf(
  dataset: Dataset,
  test: TestSet,
  seed: number,
  run: number,
  folders: readonly string[],
): Examples {
  if (isTokenDataset(dataset)) throw new RangeError('sequences of tokens have no test set');
  return dataset.kind === 'synthetic'
    ? syntheticTestExamples(dataset, test, seed, run)
    : imageTestExamples(dataset, test, folders);
}
