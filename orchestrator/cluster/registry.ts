import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import { EdgesweepError, oneLine, softwareVersion } from '../../shared/mod.ts';
import {
  type Cluster,
  decodeSweeps,
  encode,
  isSweepKey,
  keyIn,
  PROTOCOL_VERSION,
  SUBJECTS,
  SWEEPS_KEY,
  type SweepEntry,
  type SweepList,
} from '../../shared/protocol/mod.ts';
import type { Known } from './find-sweep.ts';
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

/** What is on the list and cannot be read, since another version has written it; no name but the key is known of it. */
export async function readUnreadable(sweeps: KV): Promise<Known[]> {
  const { others } = await readRevision(sweeps);
  return others.flatMap((other) => {
    const key = keyIn(other);
    return isSweepKey(key) ? [{ key, name: key }] : [];
  });
}

/**
 * Two versions may share a sweep while one protocol serves both. An orchestrator that does not know the protocol would remove the results as
 * unreadable.
 * @throws EdgesweepError NATS_OTHER_VERSION
 */
export function refuseNewer({ entries, others }: SweepList, key: string): void {
  const entry = entries.find((known) => known.key === key);
  const isUnreadable = others.some((other) => keyIn(other) === key);
  // one that was cancelled is given up: whoever runs it then may do so in an older form
  const isOurs = entry === undefined || entry.protocol <= PROTOCOL_VERSION || entry.state === 'cancelled';
  if (!isUnreadable && isOurs) return;
  const theirs = entry && `protocol ${entry.protocol}, of edgesweep ${oneLine(entry.version)}`;
  throw new EdgesweepError('NATS_OTHER_VERSION', 'a newer version of edgesweep runs this sweep on the server', {
    where: `sweep ${key}`,
    expected: `protocol ${PROTOCOL_VERSION} or older, as edgesweep ${softwareVersion()} has it`,
    got: theirs ?? 'an entry in the list of sweeps that this version cannot read',
    fix: 'use that version here too; or cancel the sweep by its key with `edgesweep cancel`, then rerun this command',
  });
}

type Change = (list: SweepList) => SweepList;

/**
 * Changes the list of sweeps, and tells the nodes. Several orchestrators may do so at once: the change is tried again on what another
 * has written.
 */
export async function changeSweeps({ nc }: Cluster, sweeps: KV, change: Change): Promise<void> {
  for (;;) {
    const { revision, ...list } = await readRevision(sweeps);
    const changed = change(list);
    try {
      if (JSON.stringify(changed) !== JSON.stringify(list))
        await sweeps.put(SWEEPS_KEY, encodeReadable(changed), { previousSeq: revision });
      nc.publish(SUBJECTS.wake);
      return;
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
export function withEntry(key: string, replace: (entry: SweepEntry | undefined) => SweepEntry | undefined): Change {
  return ({ entries, others }) => {
    const replaced = replace(entries.find((entry) => entry.key === key));
    const rest = entries.filter((entry) => entry.key !== key);
    return { entries: replaced === undefined ? rest : [...rest, replaced], others };
  };
}

/** Takes off the list what cannot be read and has that key. */
export const withoutUnreadable =
  (key: string): Change =>
  ({ entries, others }) => ({ entries, others: others.filter((other) => keyIn(other) !== key) });

/** An entry that nobody can read would stop its sweep: nodes pass it over, and runs take it for that of a newer version. */
function encodeReadable({ entries, others }: SweepList): Uint8Array {
  const list = encode([...entries, ...others]);
  const decoded = decodeSweeps(list);
  if (decoded.ok && decoded.value.entries.length === entries.length) return list;
  const problem = decoded.ok ? 'an entry does not fit its schema' : decoded.problem;
  throw new Error(`the list of sweeps would not be readable: ${problem}`);
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
