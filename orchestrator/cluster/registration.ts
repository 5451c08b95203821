import { type DataNeed, experimentOf, numericsOf, softwareVersion } from '../../shared/mod.ts';
import { filesDigest } from '../../shared/programs/files.ts';
import {
  type Cluster,
  DIGEST_LETTERS,
  MOST_REFUSED,
  PROTOCOL_VERSION,
  type ProgramNeed,
  type Refusal,
  STREAMS,
  SUBJECTS,
  type SweepEntry,
} from '../../shared/protocol/mod.ts';
import type { Expansion, ProgramSweep, Sweep } from '../../shared/sweep/mod.ts';
import { specOf } from '../program-spec.ts';
import type { Work } from '../work.ts';
import { ensureConsumer, purgeTasks, removeConsumer } from './consumer.ts';
import { costsOf } from './costs.ts';
import { changeSweeps, readOwnSweep, refuseNewer, withEntry } from './registry.ts';
import { purgeCheckpoints } from './series.ts';
import type { Buckets } from './streams.ts';
import { countMessages } from './tail.ts';

/**
 * Puts a sweep on the list that the nodes read, and makes the consumer that hands out its tasks.
 * @throws EdgesweepError NATS_OTHER_VERSION
 */
export async function registerSweep(
  cluster: Cluster,
  { sweeps }: Buckets,
  key: string,
  { sweep, expansion }: { sweep: Sweep; expansion: Expansion },
  work: Work,
  needs: readonly DataNeed[],
  refused: readonly Refusal[],
): Promise<void> {
  const { name } = sweep;
  await readOwnSweep(sweeps, key);
  const results = await countMessages(cluster, STREAMS.results, SUBJECTS.result(key, '*'));
  const elsewhere = Math.max(0, work.total - work.left() - results);
  await ensureConsumer(cluster, key);
  const program = programNeedOf(sweep);
  const register = withEntry(
    key,
    (old): SweepEntry => ({
      key,
      protocol: PROTOCOL_VERSION,
      version: softwareVersion(),
      name,
      // a paused sweep stays paused; one that was cancelled begins again
      state: old?.state === 'paused' ? 'paused' : 'running',
      numerics: numericsOf(sweep),
      total: work.total,
      costs: costsOf(sweep, expansion),
      data: [...needs],
      ...(program !== undefined && { program }),
      elsewhere,
      refused: [...refused],
    }),
  );
  await changeSweeps(cluster, sweeps, (list) => {
    // a newer version may have put it there since it was read
    refuseNewer(list, key);
    return register(list);
  });
}

/** What nodes have to know of a sweep's program; its command stays here. */
function programNeedOf(sweep: Sweep): ProgramNeed | undefined {
  if (!experimentOf(sweep).byProgram) return undefined;
  const { name, files, settings } = specOf(sweep as ProgramSweep);
  const starts = files.map(({ path, sha256 }): [string, string] => [path, sha256.slice(0, DIGEST_LETTERS)]);
  return { name, digest: filesDigest(files), files: starts, settings };
}

/** Tells the nodes which of them are to take no tasks of the sweep. What another orchestrator of the sweep has told stays. */
export async function writeRefused(
  cluster: Cluster,
  { sweeps }: Buckets,
  key: string,
  refused: readonly Refusal[],
): Promise<void> {
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(key, (entry) => entry && { ...entry, refused: union(refused, entry.refused) }),
  );
}

function union(ours: readonly Refusal[], others: readonly Refusal[]): Refusal[] {
  const keys = new Set(ours.map(({ key }) => key));
  return [...ours, ...others.filter(({ key }) => !keys.has(key))].slice(0, MOST_REFUSED);
}

/** Takes a sweep off the list and its tasks off the server; its results, with their series, stay for others to collect. */
export async function removeSweep(cluster: Cluster, { sweeps }: Buckets, key: string): Promise<void> {
  await changeSweeps(
    cluster,
    sweeps,
    withEntry(key, () => undefined),
  );
  await removeConsumer(cluster, key);
  await purgeTasks(cluster, key);
  await purgeCheckpoints(cluster, key);
}
