import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import { EdgesweepError } from '../../shared/mod.ts';
import {
  type Cluster,
  decode,
  encode,
  SUBJECTS,
  SWEEPS_KEY,
  type SweepEntry,
  sweepsSchema,
} from '../../shared/protocol/mod.ts';
import { serverError } from './server-error.ts';

/** All sweeps that the cluster knows. */
export async function readSweeps(sweeps: KV): Promise<SweepEntry[]> {
  return (await readRevision(sweeps)).entries;
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
    const { entries, revision } = await readRevision(sweeps);
    const changed = change(entries);
    try {
      if (JSON.stringify(changed) !== JSON.stringify(entries))
        await sweeps.put(SWEEPS_KEY, encode(changed), { previousSeq: revision });
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

async function readRevision(sweeps: KV): Promise<{ entries: SweepEntry[]; revision: number }> {
  const entry = await sweeps.get(SWEEPS_KEY);
  if (entry === null) return { entries: [], revision: 0 };
  if (entry.operation !== 'PUT') return { entries: [], revision: entry.revision };
  const decoded = decode(sweepsSchema, entry.value);
  if (decoded.ok) return { entries: decoded.value, revision: entry.revision };
  throw new EdgesweepError('NATS_STREAM_DIFFERS', 'the list of sweeps on the server cannot be read', {
    where: `bucket ${entry.bucket}, key ${entry.key}`,
    got: decoded.problem,
    fix: 'another version of edgesweep may have written it: use one version, or remove the key',
  });
}
