import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';
import type { Sweep } from '../../shared/sweep/mod.ts';
import { isLeftover } from './atomic-write.ts';
import { systemCode } from './disk-error.ts';
import {
  ASIDE_FILE,
  AUDIT_FILE,
  FAILURES_FILE,
  FIGURES,
  JOURNAL_FILE,
  LOCK_FILE,
  MANIFEST_FILE,
  MERGING_FILE,
  SWEEP_FILE,
  sweepPath,
  TABLES,
} from './layout.ts';
import { refuseLinks } from './links.ts';

/** The files of a directory that are replaced as a whole. */
const FILES = [SWEEP_FILE, MANIFEST_FILE, MERGING_FILE, JOURNAL_FILE, AUDIT_FILE, FAILURES_FILE, ASIDE_FILE];

/** Names in the directory that a `writeFileAtomically` of ours left behind when it was killed. */
export const leftovers = (names: readonly string[]): string[] =>
  names.filter((name) => isLeftover(name, [...FILES, TABLES, FIGURES]));

/**
 * Refuses a directory that is not this sweep's; one that is missing, empty, or was abandoned before it had a sweep file
 * passes. Writes nothing.
 * @throws DIRECTORY_UNREADABLE, DIRECTORY_NOT_EMPTY, DIRECTORY_OF_ANOTHER_SWEEP
 */
export async function refuseForeignDirectory(directory: string, sweep: Sweep): Promise<void> {
  const names = await namesIn(directory);
  await refuseLinks(directory);
  if (names.includes(SWEEP_FILE)) return refuseAnotherSweep(directory, sweep);
  const ours = [LOCK_FILE, ...leftovers(names)];
  const foreign = names.filter((name) => !ours.includes(name));
  if (foreign.length === 0) return;
  throw new EdgesweepError('DIRECTORY_NOT_EMPTY', 'the folder holds other files but no sweep', {
    where: directory,
    expected: `an empty folder, a missing one, or one with a ${SWEEP_FILE}`,
    got: foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ` and ${foreign.length - 3} more` : ''),
    fix: 'choose another directory with --out',
  });
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'the sweep directory cannot be read', {
      where: directory,
      expected: 'a folder, or a path where one can be created',
      got: messageOf(cause),
      fix: 'choose another directory with --out',
      cause,
    });
  }
}

async function refuseAnotherSweep(directory: string, sweep: Sweep): Promise<void> {
  const there = await identityIn(sweepPath(directory));
  if (there.name === sweep.name && there.experiment === sweep.experiment) return;
  throw new EdgesweepError('DIRECTORY_OF_ANOTHER_SWEEP', 'the directory belongs to another sweep', {
    where: directory,
    expected: `the sweep "${sweep.name}" (${sweep.experiment})`,
    got: `the sweep "${there.name}" (${there.experiment})`,
    fix: 'choose another directory with --out, or restore the former name of the sweep',
  });
}

/** Only what tells sweeps apart: a sweep file of an earlier version, whose other keys may be unknown now, is told too. */
async function identityIn(path: string): Promise<{ name: string; experiment: string }> {
  try {
    const value: unknown = parse(await readFile(path, 'utf8'));
    const { name, experiment } = value as { name?: unknown; experiment?: unknown };
    if (typeof name !== 'string' || typeof experiment !== 'string') throw new Error('it has no name or no experiment');
    return { name, experiment };
  } catch (cause) {
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'the sweep file of the directory cannot be read', {
      where: path,
      expected: 'the sweep file that `edgesweep run` writes',
      got: messageOf(cause),
      fix: 'repair or restore it, or choose another directory with --out',
      cause,
    });
  }
}
