import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeSeries,
  EdgesweepError,
  experimentOf,
  messageOf,
  type Outcome,
  type Series,
  seriesDigest,
  seriesOf,
  type Task,
} from '../../shared/mod.ts';
import { decodeUntrusted } from '../../worker/mod.ts';
import { makeDirectory, writeFileAtomically } from './atomic-write.ts';
import { orDiskError, systemCode } from './disk-error.ts';
import { seriesFolder } from './layout.ts';

/** The file with the series of a trajectory. */
export const seriesPath = (directory: string, task: Pick<Task, 'id'>): string =>
  join(seriesFolder(directory), `${task.id}.parquet`);

const sha256 = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex');

/** Is all there that belongs to a recorded task? A series that was removed is computed again. */
export const isComplete = (directory: string, outcome: Outcome): boolean =>
  seriesOf(outcome) === undefined || existsSync(seriesPath(directory, outcome.task));

/**
 * Puts the file that belongs to an outcome on the disk, before the outcome is written: only one that holds the series of the result.
 * Without one there is nothing to do, unless the outcome names one.
 * @throws DISK, TASK_FAILED
 */
export async function writeSeries(directory: string, outcome: Outcome, file?: Uint8Array): Promise<void> {
  const { task } = outcome;
  const series = seriesOf(outcome);
  if (series === undefined) return;
  const refused = (expected: string, got: string, cause?: unknown) =>
    new EdgesweepError('TASK_FAILED', 'the series of a task does not match its outcome', {
      where: `task ${task.id}`,
      expected,
      got,
      cause,
    });
  const named = outcome.provenance.file?.sha256 ?? 'the digest of a file';
  if (file === undefined) throw refused(named, 'no file');
  const got = sha256(file);
  if (got !== named) throw refused(named, got);
  const { digest: expected, rows } = series;
  const decoded = await decodeUntrusted(file, rows).catch((cause: unknown) => {
    throw refused(`a series with digest ${expected}`, messageOf(cause), cause);
  });
  const digest = seriesDigest(decoded);
  if (digest !== expected) throw refused(`a series with digest ${expected}`, `a series with digest ${digest}`);
  const columns = experimentOf(task).columns?.(task.cell) ?? [...decoded.columns.keys()];
  const isColumn = new Set(columns);
  const strange = [...decoded.columns.keys()].find((name) => !isColumn.has(name));
  const missing = columns.find((name) => !decoded.columns.has(name));
  if (strange !== undefined) throw refused('the columns of the cell', `a column ${strange}`);
  if (missing !== undefined) throw refused('the columns of the cell', `no column ${missing}`);
  await orDiskError('cannot create the folder of the series', seriesFolder(directory), () =>
    makeDirectory(seriesFolder(directory)),
  );
  await writeFileAtomically(seriesPath(directory, task), file);
}

/**
 * @param outcome of an experiment that has series
 * @param patience milliseconds for a file that is not the one of the outcome. Default: that of `decodeUntrusted`
 * @throws SERIES_DAMAGED when the file is missing, or is not what the outcome says
 */
export async function readSeries(directory: string, outcome: Outcome, patience?: number): Promise<Series> {
  const path = seriesPath(directory, outcome.task);
  const { digest: expected, rows } = seriesOf(outcome)!;
  const damaged = (got: string, cause?: unknown) =>
    new EdgesweepError('SERIES_DAMAGED', 'the series of a task cannot be used', {
      where: path,
      expected: `a series with digest ${expected}`,
      got,
      fix: 'run `edgesweep repair DIR` to move the file aside; the next run recomputes it',
      cause,
    });
  let series: Series;
  try {
    const file = await readFile(path, { flag: constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK });
    // another file may hold the same series: another version of edgesweep computed it again
    const isThat = sha256(file) === outcome.provenance.file?.sha256;
    series = await (isThat ? decodeSeries(file) : decodeUntrusted(file, rows, patience));
  } catch (cause) {
    throw damaged(systemCode(cause) === 'ELOOP' ? 'a symbolic link' : (systemCode(cause) ?? messageOf(cause)), cause);
  }
  const digest = seriesDigest(series);
  if (digest !== expected) throw damaged(`digest ${digest}`);
  return series;
}

/** Removes what a killed writer left in the folder. */
export async function removeSeriesLeftovers(directory: string): Promise<void> {
  const folder = seriesFolder(directory);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
}
