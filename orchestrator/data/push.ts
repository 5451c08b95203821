import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { StorageType } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { EdgesweepError, errorLine, type ImageKind, type Part, publishedDigest } from '../../shared/mod.ts';
import { type Cluster, DATA_BUCKET, dataObject } from '../../shared/protocol/mod.ts';
import { contentsOf, readImages } from '../../worker/mod.ts';

/** For a server that is busy with its disk, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** zlib's: half the bytes in a tenth of the time of the highest. */
const LEVEL = 3;

/**
 * Puts a data set, checked, into the object store of the server, each file packed under a name with the digest of the data set; of a
 * published one also the test set. What is there already is left alone.
 * @throws EdgesweepError what reading it throws; an error of the client
 */
export async function pushDataset(
  { nc }: Cluster,
  kind: ImageKind,
  digest: string,
  folders: readonly string[],
  replicas: number,
  note: (text: string) => void,
): Promise<void> {
  const sets = [{ digest, place: readImages(kind, digest, folders).place, part: 'training' as Part }];
  if (digest === publishedDigest(kind)) sets.push(...publishedTestSet(kind, folders, note));
  const store = await new Objm(nc).create(DATA_BUCKET, {
    storage: StorageType.File,
    replicas,
    description: 'edgesweep data sets, for nodes that lack them',
  });
  for (const set of sets) {
    for (const { name, bytes } of contentsOf(kind, set.place, set.part)) {
      const packed = gzipSync(bytes, { level: LEVEL });
      const object = dataObject(set.digest, name);
      const there = await store.info(object);
      if (there !== null && !there.deleted && there.digest === digestOfObject(packed)) {
        note(`${name} is already there`);
        continue;
      }
      await store.putBlob({ name: object }, packed, { timeout: TIMEOUT_MS });
      note(`${name}: ${packed.length} bytes`);
    }
  }
}

/** The published test set, which few tasks need: where it is not here, that is said and no error. */
function publishedTestSet(kind: ImageKind, folders: readonly string[], note: (text: string) => void) {
  const digest = publishedDigest(kind, 'test');
  try {
    return [{ digest, place: readImages(kind, digest, folders, 'test').place, part: 'test' as Part }];
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    note(`without the test set: ${errorLine(error)}`);
    return [];
  }
}

/** As the object store writes it: base64 for addresses, with its padding. */
const digestOfObject = (packed: Uint8Array): string =>
  `SHA-256=${createHash('sha256').update(packed).digest('base64').replaceAll('+', '-').replaceAll('/', '_')}`;
