import { EdgesweepError, IMAGE_DATASETS, type ImageKind, publishedDigest } from '../../shared/mod.ts';
import { locate, type Place, readPlace, readTestPart } from '../../worker/mod.ts';

/** What is in one place: `verified` when it is what was published. */
export type Standing = {
  kind: ImageKind;
  folder: string;
  verdict: 'verified' | 'other' | 'damaged';
  digest: string | undefined;
  /** for a user */
  text: string;
  error?: EdgesweepError;
};

/**
 * Reads the files of a data set wherever they are, and compares them with the published ones.
 * @throws EdgesweepError DATA_MISSING, DATA_UNREADABLE
 */
export function survey(kind: ImageKind, folders: readonly string[]): Standing[] {
  const published = publishedDigest(kind);
  return locate(kind, published, folders).map((place) => standing(kind, place, published));
}

function standing(kind: ImageKind, place: Place, published: string): Standing {
  const { folder } = place;
  try {
    const { digest, images } = readPlace(kind, place);
    const verified = digest === published;
    const doubt = IMAGE_DATASETS[kind].confirmed ? '' : ' (digest from a single source)';
    const text = verified
      ? `verified${doubt}: ${images.count} examples; ${testText(kind, place)}`
      : `not the published files${doubt}: ${images.count} examples`;
    return { kind, folder, digest, verdict: verified ? 'verified' : 'other', text };
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    return { kind, folder, digest: undefined, verdict: 'damaged', text: error.message, error };
  }
}

/** Training does not need the test set: what is wrong with it is reported, and is no error. */
function testText(kind: ImageKind, place: Place): string {
  const fix = `run \`edgesweep data fetch ${kind}\``;
  try {
    const { missing, other } = readTestPart(kind, place);
    if (missing.length > 0) return `test set missing (${missing.join(', ')}): ${fix}`;
    if (other.length > 0)
      return `test set differs from the published one (${other.join(', ')}): remove it, then ${fix}`;
    return `test set verified: ${IMAGE_DATASETS[kind].testExamples} examples`;
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    return `test set damaged (${error.message}): remove it, then ${fix}`;
  }
}
