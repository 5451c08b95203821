import { IMAGE_DATASETS, type ImageFile, type ImageKind } from '../../shared/mod.ts';
import { findFiles, lacking, type Place } from './locate.ts';
import { readArchive, sumOf, sumsOf } from './read.ts';

/** What lies beside a training set of its test set. */
export type TestPart = {
  /** names of files that are not there */
  missing: string[];
  /** names of files that are not the published ones */
  other: string[];
};

/**
 * Reads the test set in the folder of a training set, or in its archive, and compares it with the published files.
 * @throws EdgesweepError DATA_UNREADABLE, DATA_DAMAGED
 */
export function readTestPart(kind: ImageKind, place: Place): TestPart {
  const known = IMAGE_DATASETS[kind].testFiles;
  const sums = sumsOf(findFiles(place.folder, known), known);
  if ('archive' in place && sums.length < known.length) {
    for (const [name, bytes] of readArchive(kind, place.archive)) sums.push(sumOf(name, bytes));
  }
  return { missing: lacking(known, sums), other: otherFiles(sums, known) };
}

/** The names of those whose digest is not the known one. */
export function otherFiles(sums: readonly ImageFile[], known: readonly ImageFile[]): string[] {
  return known
    .filter(({ name, sha256 }) => sums.some((sum) => sum.name === name && sum.sha256 !== sha256))
    .map(({ name }) => name);
}
