import { existsSync } from 'node:fs';
import { type FileHandle, rename } from 'node:fs/promises';
import { EdgesweepError, isExact, messageOf, type Outcome, seriesOf } from '../../shared/mod.ts';
import { syncDirectory } from './atomic-write.ts';
import { orDiskError } from './disk-error.ts';
import { moveLines, OutcomeDecoder, openJournalFile, readableLines, resultText } from './journal/mod.ts';
import { journalPath, seriesFolder } from './layout.ts';
import { refuseLinks } from './links.ts';
import { takeLock } from './lock.ts';
import { settleManifest } from './merging.ts';
import { requireSweepDirectory } from './read-directory.ts';
import { readSeries, seriesPath } from './series.ts';

/** Ends the name of a series that was moved aside. */
const ASIDE = '.damaged';

export type Repair = {
  lines: number;
  /** lines moved aside, by their numbers, with the reason */
  damaged: { line: number; why: string }[];
  /** series moved aside */
  series: string[];
};

type Found = { outcome: Outcome; line: number; text: string };

/**
 * Moves aside what the other commands refuse, so that the next run computes those tasks again: damaged lines, all lines of a task that
 * has two different results, series that are not those of their outcomes, and all lines of the tasks to forget.
 * @param forget beginnings of the ids of tasks
 * @throws DIRECTORY_UNREADABLE, DIRECTORY_LOCKED, DISK, USAGE for a task that the journal does not have
 */
export async function repairDirectory(directory: string, forget: readonly string[] = []): Promise<Repair> {
  await requireSweepDirectory(directory);
  await refuseLinks(directory);
  const lock = takeLock(directory);
  let journal: FileHandle | undefined;
  try {
    const path = journalPath(directory);
    const repair: Repair = { lines: 0, damaged: [], series: [] };
    if (!existsSync(path)) return repair;
    await settleManifest(directory);
    // nobody may append to the file that is replaced
    journal = await openJournalFile(directory);
    const reasons = await examine(path, forget, repair);
    if (reasons.size > 0) await moveLines(directory, path, reasons);
    repair.damaged = [...reasons].map(([line, why]) => ({ line, why })).sort((a, b) => a.line - b.line);
    repair.series = await moveSeries(directory, path);
    return repair;
  } finally {
    await journal?.close();
    lock.release();
  }
}

/** The lines to move aside, with the reason of each. */
async function examine(path: string, forget: readonly string[], repair: Repair): Promise<Map<number, string>> {
  const reasons = new Map<number, string>();
  const firsts = new Map<string, Omit<Found, 'outcome'>>();
  const unknown = new Set(forget);
  const decoder = new OutcomeDecoder(path);
  for await (const lines of readableLines(path)) {
    for (const line of lines) {
      repair.lines += 1;
      let outcome: Outcome;
      try {
        outcome = decoder.decode(line);
      } catch (error) {
        const known = error instanceof EdgesweepError;
        reasons.set(line.number, known ? (error.details.got ?? error.message) : messageOf(error));
        continue;
      }
      const { id, numerics } = outcome.task;
      const start = forget.find((beginning) => id.startsWith(beginning));
      if (start !== undefined) {
        unknown.delete(start);
        reasons.set(line.number, `the task is to be forgotten (--forget ${start})`);
        continue;
      }
      const text = resultText(outcome);
      const first = firsts.get(id);
      if (first === undefined) firsts.set(id, { line: line.number, text });
      else if (isExact(numerics) && first.text !== text) {
        for (const number of [first.line, line.number]) reasons.set(number, `two different results of task ${id}`);
      }
    }
  }
  if (unknown.size === 0) return reasons;
  throw new EdgesweepError('USAGE', 'the journal has no such task', {
    where: path,
    got: [...unknown].join(', '),
    fix: 'use prefixes of ids from the journal',
  });
}

async function moveSeries(directory: string, path: string): Promise<string[]> {
  const moved: string[] = [];
  const decoder = new OutcomeDecoder(path);
  for await (const lines of readableLines(path)) {
    for (const line of lines) {
      const outcome = decoder.decode(line);
      const file = seriesPath(directory, outcome.task);
      if (seriesOf(outcome) === undefined || !existsSync(file)) continue;
      try {
        await readSeries(directory, outcome);
      } catch {
        await orDiskError('cannot move a series aside', file, () => rename(file, `${file}${ASIDE}`));
        moved.push(file);
      }
    }
  }
  if (moved.length > 0)
    await orDiskError('cannot move a series aside', directory, () => syncDirectory(seriesFolder(directory)));
  return moved;
}
