import { constants } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../../shared/mod.ts';
import { numericsOf } from '../../shared/mod.ts';
import { expand, formatSweep, type Sweep } from '../../shared/sweep/mod.ts';
import { makeDirectory, syncDirectory, writeFileAtomically } from './atomic-write.ts';
import { orDiskError } from './disk-error.ts';
import { leftovers, refuseForeignDirectory } from './guard.ts';
import { Journal } from './journal.ts';
import { endOfLastLine } from './journal-lines.ts';
import { JOURNAL_FILE, journalPath, sweepPath } from './layout.ts';
import { type Lock, takeLock } from './lock.ts';
import { describeThisRun, writeManifest } from './manifest.ts';
import { OutcomeDecoder } from './outcome-line.ts';
import { Progress } from './progress.ts';
import { readJournal } from './read-journal.ts';
import { sealJournal } from './rewrite-journal.ts';
import { isComplete, removeSeriesLeftovers } from './series.ts';
import { SweepDirectory } from './sweep-directory.ts';

export type OpenOptions = {
  /** the command line as typed, for the manifest */
  command: string[];
  softwareVersion: string;
  /** told what was changed in files of earlier versions */
  note?: (text: string) => void;
};

/**
 * Opens the directory for this process alone, and makes it where it is missing. Whatever can be refused is refused before
 * anything in it is changed (but for the lock file).
 *
 * A last line that a killed writer did not finish is cut off: its outcome was never acknowledged, and its task runs again.
 *
 * @throws DIRECTORY_LOCKED, DIRECTORY_OF_ANOTHER_SWEEP, DIRECTORY_NOT_EMPTY, DIRECTORY_UNREADABLE, JOURNAL_DAMAGED,
 * JOURNAL_OTHER_NUMERICS, OUTCOMES_DIFFER, DISK
 */
export async function openSweepDirectory(
  directory: string,
  sweep: Sweep,
  options: OpenOptions,
): Promise<SweepDirectory> {
  // Before the lock, to leave no lock file in a stranger's folder; and again under it, for two that start at once.
  await refuseForeignDirectory(directory, sweep);
  await orDiskError('cannot create the sweep directory', directory, () => makeDirectory(directory));
  const lock = takeLock(directory);
  try {
    await refuseForeignDirectory(directory, sweep);
    return await openLocked(directory, sweep, options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLocked(directory: string, sweep: Sweep, options: OpenOptions, lock: Lock): Promise<SweepDirectory> {
  const names = await readdir(directory);
  const expansion = expand(sweep);
  const progress = new Progress(expansion);
  const incomplete = new Set<Task['id']>();
  const decoder = new OutcomeDecoder(journalPath(directory), numericsOf(sweep.engine));
  if (names.includes(JOURNAL_FILE)) {
    for await (const { task } of readJournal(journalPath(directory), { decoder })) {
      if (isComplete(directory, task)) progress.add(task);
      else if (progress.includes(task)) incomplete.add(task.id);
    }
  }

  await orDiskError('cannot remove the leftovers of a killed run', directory, async () => {
    for (const name of leftovers(names)) await rm(join(directory, name), { force: true });
    await removeSeriesLeftovers(directory);
  });
  if (decoder.isUnsealed) {
    await sealJournal(journalPath(directory));
    options.note?.(
      'the journal is from an earlier version without digests: it was checked as far as possible, and digests were added',
    );
  }
  await writeFileAtomically(sweepPath(directory), formatSweep(sweep));
  await writeManifest(
    directory,
    await describeThisRun(options.command, options.softwareVersion, numericsOf(sweep.engine)),
  );
  const journal = await openJournal(directory);
  return new SweepDirectory({ path: directory, expansion, progress, incomplete, journal, lock });
}

/** @throws DISK */
async function openJournal(directory: string): Promise<Journal> {
  const path = journalPath(directory);
  return orDiskError('cannot open the journal', path, async () => {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT);
    try {
      const { size } = await file.stat();
      const end = await endOfLastLine(file, size);
      if (end < size) await file.truncate(end);
      await file.sync();
      await syncDirectory(directory);
      return new Journal(file, path, end);
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}
