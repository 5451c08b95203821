import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '../../shared/mod.ts';
import { numericsOf } from '../../shared/mod.ts';
import { expand, formatSweep, type Sweep } from '../../shared/sweep/mod.ts';
import { removeCheckpoints } from '../../worker/mod.ts';
import type { Growth } from '../adaptive/growth.ts';
import { shellWords } from '../shell-words.ts';
import { makeDirectory, writeFileAtomically } from './atomic-write.ts';
import { orDiskError } from './disk-error.ts';
import { removeFigures } from './figures.ts';
import { leftovers, refuseForeignDirectory } from './guard.ts';
import { journalOf, OutcomeDecoder, openJournalFile, readJournal, sealJournal } from './journal/mod.ts';
import { checkpointFolder, controlPath, JOURNAL_FILE, journalPath, SWEEP_FILE, sweepPath } from './layout.ts';
import { type Lock, takeLock } from './lock.ts';
import { describeThisRun, readManifest, writeManifest } from './manifest.ts';
import { settleManifest } from './merging.ts';
import { Progress } from './progress.ts';
import { removeSocket } from './remove-socket.ts';
import { isComplete, removeSeriesLeftovers } from './series.ts';
import { describeChange, Outdated } from './sweep-changes.ts';
import { SweepDirectory } from './sweep-directory.ts';

export type OpenOptions = {
  /** the command line as typed, for the manifest */
  command: string[];
  softwareVersion: string;
  /** told what was changed in files of earlier versions, and how the sweep differs from the directory's former one */
  note?: (text: string) => void;
  /** decides how many runs each cell gets, where that is not fixed */
  growth?: Growth | undefined;
};

/**
 * Opens the directory for this process alone, and makes it where it is missing. Whatever can be refused is refused before
 * anything in it is changed (except for the lock file).
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
  let outcomes = 0;
  let orphans = 0;
  const outdated = new Outdated();
  const path = journalPath(directory);
  const decoder = new OutcomeDecoder(path, numericsOf(sweep), expansion.cells);
  /** with checkpoints that a killed run had no time to remove */
  const recorded: Task['id'][] = [];
  let file = names.includes(JOURNAL_FILE) ? await openJournalFile(directory) : undefined;
  try {
    if (file !== undefined) {
      const checkpoints = await checkpointsIn(directory);
      for await (const outcome of readJournal(path, { decoder })) {
        const { task } = outcome;
        options.growth?.add(outcome);
        outcomes += 1;
        if (checkpoints.has(task.id) && isComplete(directory, outcome)) recorded.push(task.id);
        if (!progress.includes(task)) {
          orphans += 1;
          outdated.add(task.cell);
        } else if (isComplete(directory, outcome)) progress.add(task);
        else incomplete.add(task.id);
      }
    }
    if (options.growth !== undefined) {
      options.growth.grow();
      progress.want(options.growth.wanted);
    }
    await orDiskError('cannot remove the leftovers of a killed run', directory, async () => {
      for (const name of leftovers(names)) await rm(join(directory, name), { force: true });
      await removeSeriesLeftovers(directory);
      removeSocket(controlPath(directory));
      for (const id of recorded) removeCheckpoints(checkpointFolder(directory), id);
    });
    if (decoder.isUnsealed) {
      await sealJournal(path);
      // the name is that of another file now
      await file?.close();
      file = undefined;
      options.note?.(
        'the journal is from an earlier version without digests: it was checked as far as possible, and digests were added',
      );
    }
    const old = outdated.describe();
    if (old !== undefined) options.note?.(old);
    await writeSweep(directory, sweep, options, { isThere: names.includes(SWEEP_FILE), outcomes, orphans, progress });
    file ??= await openJournalFile(directory);
    const journal = await journalOf(directory, file);
    return new SweepDirectory({
      path: directory,
      ...{ expansion, progress, incomplete, journal, lock },
      growth: options.growth,
    });
  } catch (error) {
    await file?.close();
    throw error;
  }
}

/**
 * Writes the sweep and the manifest, and says how the sweep differs from the one that was there. Figures that will not show what the
 * directory holds are removed: how they were drawn is not known.
 * @throws DISK
 */
async function writeSweep(
  directory: string,
  sweep: Sweep,
  { command, softwareVersion, note }: OpenOptions,
  { isThere, outcomes, orphans, progress }: { isThere: boolean; outcomes: number; orphans: number; progress: Progress },
): Promise<void> {
  await settleManifest(directory);
  // one that is missing or damaged is written anew
  const former = await readManifest(directory).catch(() => undefined);
  const manifest = await describeThisRun(command, softwareVersion, numericsOf(sweep), outcomes, former);
  const change = isThere ? await describeChange(directory, sweep, orphans, former?.command) : undefined;
  if (change !== undefined) note?.(change);
  const removed = change !== undefined || progress.done < progress.total ? await removeFigures(directory) : [];
  if (removed.length > 0) {
    const plot = `edgesweep plot ${shellWords([directory])}`;
    note?.(`removed ${removed.join(', ')}, drawn before this run; to draw them again: ${plot}`);
  }
  await writeFileAtomically(sweepPath(directory), formatSweep(sweep));
  await writeManifest(directory, manifest);
}

/** Ids of the tasks that have checkpoints. */
async function checkpointsIn(directory: string): Promise<ReadonlySet<string>> {
  const names = await readdir(checkpointFolder(directory)).catch(() => []);
  return new Set(names.map((name) => name.split('.')[0]));
}
