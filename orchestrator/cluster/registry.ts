import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import { EdgesweepError, oneLine, softwareVersion } from '../../shared/mod.ts';
import {
  type Cluster,
  decodeSweeps,
  encode,
  keyIn,
  PROTOCOL_VERSION,
  SUBJECTS,
  SWEEPS_KEY,
  type SweepEntry,
  type SweepList,
} from '../../shared/protocol/mod.ts';
import { serverError } from './server-error.ts';

/** All sweeps that the cluster knows, and that this version can read. */
export async function readSweeps(sweeps: KV): Promise<SweepEntry[]> {
  return (await readRevision(sweeps)).entries;
}

/**
 * The entry of a sweep that this version runs; undefined when there is none.
 * @throws EdgesweepError NATS_OTHER_VERSION
 */
export async function readOwnSweep(sweeps: KV, key: string): Promise<SweepEntry | undefined> {
  const list = await readRevision(sweeps);
  refuseNewer(list, key);
  return list.entries.find((entry) => entry.key === key);
}

/**
 * Two versions may share a sweep while one protocol serves both. An orchestrator that does not know the protocol would remove the results as
 * unreadable.
 */
function refuseNewer({ entries, others }: SweepList, key: string): void {
  const entry = entries.find((known) => known.key === key);
  const isUnreadable = others.some((other) => keyIn(other) === key);
  if (!isUnreadable && (entry === undefined || entry.protocol <= PROTOCOL_VERSION)) return;
  const theirs = entry && `protocol ${entry.protocol}, of edgesweep ${oneLine(entry.version)}`;
  throw new EdgesweepError('NATS_OTHER_VERSION', 'a newer version of edgesweep runs this sweep on the server', {
    where: `sweep ${key}`,
    expected: `protocol ${PROTOCOL_VERSION} or older, as edgesweep ${softwareVersion()} has it`,
    got: theirs ?? 'an entry in the list of sweeps that this version cannot read',
    fix: 'use that version here too; or cancel the sweep with it, then rerun this command',
  });
}

/**
 * Changes the list of sweeps, and tells the nodes. Several orchestrators may do so at once: the change is tried again on what another
 * has written.
 */
export async function changeSweeps(
  { nc }: Cluster,
  sweeps: KV,
  change: (entries: SweepEntry[]) => SweepEntry[],
): Promise<SweepEntry[]> {
  for (;;) {
    const { entries, others, revision } = await readRevision(sweeps);
    const changed = change(entries);
    try {
      if (JSON.stringify(changed) !== JSON.stringify(entries))
        await sweeps.put(SWEEPS_KEY, encode([...changed, ...others]), { previousSeq: revision });
      nc.publish(SUBJECTS.wake);
      return changed;
    } catch (error) {
      // anything else, such as a full disk, would be the same the next time
      const codes: number[] = [
        JetStreamApiCodes.StreamWrongLastSequence,
        JetStreamApiCodes.StreamWrongLastSequenceUnknown,
      ];
      if (!(error instanceof JetStreamApiError) || !codes.includes(error.code)) throw serverError(error);
      await sleep(50);
    }
  }
}

/** Replaces the entry of that key, or adds it; `undefined` removes it. */
export function withEntry(key: string, replace: (entry: SweepEntry | undefined) => SweepEntry | undefined) {
  return (entries: SweepEntry[]): SweepEntry[] => {
    const replaced = replace(entries.find((entry) => entry.key === key));
    const others = entries.filter((entry) => entry.key !== key);
    return replaced === undefined ? others : [...others, replaced];
  };
}

async function readRevision(sweeps: KV): Promise<SweepList & { revision: number }> {
  const entry = await sweeps.get(SWEEPS_KEY);
  if (entry === null) return { entries: [], others: [], revision: 0 };
  if (entry.operation !== 'PUT') return { entries: [], others: [], revision: entry.revision };
  const decoded = decodeSweeps(entry.value);
  if (decoded.ok) return { ...decoded.value, revision: entry.revision };
  throw new EdgesweepError('NATS_STREAM_DIFFERS', 'the list of sweeps on the server cannot be read', {
    where: `bucket ${entry.bucket}, key ${entry.key}`,
    got: decoded.problem,
    fix: 'another version of edgesweep may have written it: use one version, or remove the key',
  });
}
