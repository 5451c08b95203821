import { stat } from 'node:fs/promises';
import { type Cell, EdgesweepError, messageOf, type Outcome } from '../../shared/mod.ts';
import { loadSweep, type Sweep } from '../../shared/sweep/mod.ts';
import { systemCode } from './disk-error.ts';
import { readJournal } from './journal/mod.ts';
import { journalPath, SWEEP_FILE, sweepPath } from './layout.ts';

/** The sweep as it was last run in the directory. @throws DIRECTORY_UNREADABLE, SWEEP_INVALID */
export async function readSweep(directory: string): Promise<Sweep> {
  await requireSweepDirectory(directory);
  return loadSweep(sweepPath(directory));
}

/**
 * The outcomes recorded in a sweep directory, or in a journal file: `readJournal` says how. Those of tasks that the sweep
 * no longer has are among them, and outcomes of any arithmetic.
 * @param cells those of the sweep, which outcomes share: they take most of the memory
 * @throws DIRECTORY_UNREADABLE, JOURNAL_DAMAGED, OUTCOMES_DIFFER
 */
export async function* readOutcomes(path: string, cells?: readonly Cell[]): AsyncGenerator<Outcome> {
  if (await isFile(path)) return yield* readJournal(path, { cells });
  await requireSweepDirectory(path);
  // Missing when its only run was stopped between the two files: then there are no outcomes.
  if (await isFile(journalPath(path))) yield* readJournal(journalPath(path), { cells });
}

/** @throws DIRECTORY_UNREADABLE */
export async function requireSweepDirectory(directory: string): Promise<void> {
  if (await isFile(sweepPath(directory))) return;
  throw new EdgesweepError('DIRECTORY_UNREADABLE', 'this is not a sweep directory', {
    where: directory,
    expected: `a folder with a ${SWEEP_FILE}, as created by \`edgesweep run\``,
    fix: 'check the path, or run the sweep first',
  });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'the path cannot be read', {
      where: path,
      got: messageOf(cause),
      fix: 'check the permissions',
      cause,
    });
  }
}
