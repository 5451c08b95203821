import { existsSync, realpathSync } from 'node:fs';
import { EdgesweepError, numericsOf } from '../../shared/mod.ts';
import { comparableSweep, formatSweep, type Sweep } from '../../shared/sweep/mod.ts';
import {
  type AuditFile,
  changedKeys,
  type Lock,
  type Manifest,
  readAuditFile,
  readSettledManifest,
  readSweep,
  refuseLinks,
  takeReadLock,
} from '../directory/mod.ts';

/** A directory whose outcomes are merged; nobody writes to it meanwhile. */
export type Opened = { directory: string; sweep: Sweep };

/** The same with what the directory says of its outcomes. */
export type Input = Opened & {
  /** undefined where it cannot be read: what it says is lost, and no outcome */
  manifest: Manifest | undefined;
  audit: AuditFile | undefined;
};

/**
 * Opens directories of one sweep, or of shards of one, for reading.
 * @param out the directory that is written: it may be one of them, and is locked by its own writer
 * @throws EdgesweepError USAGE where they are of several sweeps; DIRECTORY_LOCKED; what reading a directory throws
 */
export async function openInputs(
  directories: readonly string[],
  out: string,
): Promise<{ opened: Opened[]; release(): void }> {
  const locks: Lock[] = [];
  const release = () => {
    for (const lock of locks) lock.release();
  };
  try {
    const opened: Opened[] = [];
    for (const directory of distinct(directories)) {
      await refuseLinks(directory);
      const sweep = await readSweep(directory);
      const [first] = opened;
      if (first !== undefined) requireSameSweep(first, { directory, sweep });
      locks.push(takeReadLock(directory, directory === out));
      opened.push({ directory, sweep });
    }
    return { opened, release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * What the directories say of their outcomes. The one that is written has to be locked, and its manifest settled.
 * @throws DIRECTORY_UNREADABLE
 */
export const readRecords = (opened: readonly Opened[]): Promise<Input[]> =>
  Promise.all(
    opened.map(async (one) => {
      const manifest = await readSettledManifest(one.directory).catch(() => undefined);
      return { ...one, manifest, audit: await readAuditFile(one.directory) };
    }),
  );

/** Each folder once, whatever its names. */
function distinct(directories: readonly string[]): string[] {
  const seen = new Set<string>();
  return directories.filter((directory) => {
    const path = existsSync(directory) ? realpathSync(directory) : directory;
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
}

function requireSameSweep(first: Opened, other: Opened): void {
  const [a, b] = [comparableSweep(first.sweep), comparableSweep(other.sweep)];
  const numerics = [numericsOf(first.sweep), numericsOf(other.sweep)];
  if (formatSweep(a) === formatSweep(b) && numerics[0] === numerics[1]) return;
  const changes = changedKeys(a, b);
  throw new EdgesweepError('USAGE', 'the directories are of different sweeps', {
    where: `${first.directory} and ${other.directory}`,
    expected: 'directories of one sweep, or of shards of it',
    got: changes.length > 0 ? changes.join('\n') : `numerics ${numerics.join(' and ')}`,
    fix: 'merge directories of one sweep; `edgesweep run SWEEP --out DIR` with the same sweep file and options brings a directory up to date',
  });
}

/** The sweep of all inputs together: of one shard only where all of them are that shard. */
export function mergedSweep(inputs: readonly Pick<Opened, 'sweep'>[]): Sweep {
  const [{ sweep }] = inputs;
  if (inputs.every((input) => input.sweep.shard === sweep.shard)) return sweep;
  const { shard: _, ...whole } = sweep;
  return whole as Sweep;
}
