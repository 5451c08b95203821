import { EdgesweepError, errorLine, type ImageKind, type Part, publishedDigest } from '../../shared/mod.ts';
import { type Place, readTestPart } from '../../worker/mod.ts';

/**
 * The parts of a data set that a place lacks. Of data with a digest of their own only the training set is known.
 * @throws EdgesweepError DATA_DIFFERS when the place has other test files, which are not overwritten
 */
export function lackingParts(kind: ImageKind, digest: string, place: Place | undefined): Part[] {
  if (digest !== publishedDigest(kind)) return place === undefined ? ['training'] : [];
  if (place === undefined) return ['training', 'test'];
  const { missing, trouble } = testPart(kind, place);
  if (trouble === undefined) return missing.length > 0 ? ['test'] : [];
  throw new EdgesweepError('DATA_DIFFERS', `the test set of ${kind} is not the published one`, {
    where: place.folder,
    expected: 'the published test files, or none',
    got: trouble,
    fix: 'remove these files and rerun',
  });
}

function testPart(kind: ImageKind, place: Place): { missing: string[]; trouble?: string } {
  try {
    const { missing, other } = readTestPart(kind, place);
    return other.length === 0 ? { missing } : { missing, trouble: `other bytes in ${other.join(', ')}` };
  } catch (error) {
    if (error instanceof EdgesweepError) return { missing: [], trouble: errorLine(error) };
    throw error;
  }
}
