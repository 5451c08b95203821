import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type DataNeed, EdgesweepError, filesOf } from '../../shared/mod.ts';
import { type Cluster, DATA_BUCKET, DATA_STREAM, dataObject, decode } from '../../shared/protocol/mod.ts';
import { giveName, locate, readImages, readPlace } from '../data/mod.ts';

/** What of the description of an object is needed; `nuid` is in the subject of its chunks. */
const infoSchema = z.object({
  nuid: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  size: z.int().nonnegative(),
  chunks: z.int().nonnegative(),
  deleted: z.boolean().optional(),
});

/**
 * Gets a data set from the object store of the server into a data directory, checked before it has its name.
 *
 * Read by direct gets, chunk by chunk, and not by the client of the object store: that makes a consumer, and who may make one may
 * have the server send to any subject.
 *
 * @returns the folder; undefined when the server does not have all of it
 * @throws EdgesweepError DATA_DIFFERS, DATA_DAMAGED
 */
export async function getData(
  cluster: Cluster,
  need: DataNeed,
  directory: string | undefined,
): Promise<string | undefined> {
  if (directory === undefined) return undefined;
  const { kind, digest, part = 'training' } = need;
  // nodes of several machines may share the directory
  const staging = join(directory, `.get-${kind}-${hostname()}-${process.pid}`);
  try {
    for (const { name, bytes } of filesOf(kind, part)) {
      // packing makes random bytes a little longer
      const content = await readObject(cluster, dataObject(digest, name), bytes + 2 ** 16);
      if (content === undefined) return undefined;
      mkdirSync(staging, { recursive: true });
      writeFileSync(join(staging, `${name}.gz`), content);
    }
    const [place] = locate(kind, digest, [staging], part);
    const read = readPlace(kind, place, part);
    if (read.digest !== digest) {
      throw new EdgesweepError('DATA_DIFFERS', 'the object store holds different data under this digest', {
        where: `object store ${DATA_BUCKET}`,
        expected: digest,
        got: read.digest,
        fix: `push it again: edgesweep data push ${kind} --nats ...`,
      });
    }
    return placeNow(need, directory) ?? giveName(staging, directory, kind, digest);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Where another node has put the same meanwhile. */
function placeNow({ kind, digest, part }: DataNeed, directory: string): string | undefined {
  try {
    return readImages(kind, digest, [directory], part).folder;
  } catch (error) {
    if (error instanceof EdgesweepError) return undefined;
    throw error;
  }
}

async function readObject(cluster: Cluster, name: string, most: number): Promise<Uint8Array | undefined> {
  // base64 for addresses, with its padding: as the client of the object store names what it writes
  const encoded = Buffer.from(name).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  const subject = `$O.${DATA_BUCKET}.M.${encoded}`;
  const stored = await lookUp(cluster, { last_by_subj: subject });
  const info = stored && decode(infoSchema, stored.data);
  if (!info?.ok || info.value.deleted || info.value.size > most) return undefined;
  const { nuid, size, chunks } = info.value;
  const content = new Uint8Array(size);
  let done = 0;
  let seq = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const found = await lookUp(cluster, { seq: seq + 1, next_by_subj: `$O.${DATA_BUCKET}.C.${nuid}` });
    // being replaced, or not all there yet
    if (found === undefined || done + found.data.length > size) return undefined;
    content.set(found.data, done);
    done += found.data.length;
    seq = found.seq;
  }
  return done === size ? content : undefined;
}

type Query = { last_by_subj: string } | { seq: number; next_by_subj: string };

/** A server without the object store answers nothing, or that there is no such message. */
async function lookUp({ jsm }: Cluster, query: Query): Promise<{ data: Uint8Array; seq: number } | undefined> {
  return (await jsm.direct.getMessage(DATA_STREAM, query).catch(() => null)) ?? undefined;
}
