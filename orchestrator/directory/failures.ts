import { constants } from 'node:fs';
import { appendFile, open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { lazily, type Parsed, type Task, taskId, taskSchema } from '../../shared/mod.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { orDiskError } from './disk-error.ts';
import { failuresPath } from './layout.ts';
import type { Progress } from './progress.ts';

const failureSchema = lazily(() =>
  z.object({
    task: taskSchema(),
    error: z.object({ code: z.string().max(100), message: z.string() }),
    time: z.iso.datetime({ precision: 3 }),
  }),
);
/** A task that failed in a run of this directory, and why. */
export type RecordedFailure = Parsed<typeof failureSchema>;

/** Failures that one run records, and their bytes; the rest is only counted. */
const MOST = 10_000;
/** So much of the end of a file is read too: all of the last run. */
const MOST_BYTES = 32 << 20;
const LONGEST_MESSAGE = 4000;

/**
 * The failures that the file has, the last of each task. Lines that cannot be read are left out: nothing is computed from them.
 * @returns none where there is no file
 */
export async function readRecordedFailures(directory: string): Promise<RecordedFailure[]> {
  return failuresIn((await readEnd(failuresPath(directory))).text);
}

/** @throws DISK */
export const removeFailures = (directory: string): Promise<void> =>
  orDiskError('cannot remove the failures', failuresPath(directory), () =>
    rm(failuresPath(directory), { force: true }),
  );

function failuresIn(text: string): RecordedFailure[] {
  const failures = new Map<string, RecordedFailure>();
  for (const line of text.split('\n')) {
    const failure = failureIn(line);
    if (failure === undefined) continue;
    // the last one of a task counts, in the order of the last ones
    failures.delete(failure.task.id);
    failures.set(failure.task.id, failure);
  }
  return [...failures.values()];
}

function failureIn(line: string): RecordedFailure | undefined {
  if (line === '') return undefined;
  try {
    const { data } = failureSchema().safeParse(JSON.parse(line));
    return data !== undefined && data.task.id === taskId(data.task) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** The end of a file, which has the newest failures. No link is followed: a directory from elsewhere could have one to any file. */
async function readEnd(path: string): Promise<{ text: string; isWhole: boolean }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return { text: '', isWhole: true };
  try {
    const found = await file.stat();
    if (!found.isFile()) return { text: '', isWhole: true };
    const buffer = Buffer.alloc(Math.min(found.size, MOST_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, found.size - buffer.length);
    return { text: buffer.toString('utf8', 0, bytesRead), isWhole: buffer.length === found.size };
  } finally {
    await file.close();
  }
}

/** Records the failures of a run. A disk that takes no more of them ends no run: they are reported to the user all the same. */
export class FailureLog {
  readonly #directory: string;
  readonly #progress: Progress;
  #written: Promise<void>;
  #waiting = '';
  #count = 0;
  #bytes = 0;

  /** Drops what no longer is a failure: the task is recorded, or the sweep has it no more. */
  constructor(directory: string, progress: Progress) {
    this.#directory = directory;
    this.#progress = progress;
    this.#written = this.#tidy();
  }

  add(task: Task, { code, message }: { code: string; message: string }): void {
    const error = { code, message: message.slice(0, LONGEST_MESSAGE) };
    const failure = { task, error, time: new Date().toISOString() } satisfies RecordedFailure;
    const line = `${JSON.stringify(failure)}\n`;
    this.#count += 1;
    this.#bytes += Buffer.byteLength(line);
    if (this.#count > MOST || this.#bytes > MOST_BYTES) return;
    if (this.#waiting === '') this.#written = this.#written.then(() => this.#write());
    this.#waiting += line;
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.#written;
    await this.#tidy();
  }

  async #write(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    await appendFile(failuresPath(this.#directory), text).catch(() => {});
  }

  async #tidy(): Promise<void> {
    const path = failuresPath(this.#directory);
    try {
      const { text, isWhole } = await readEnd(path);
      const all = failuresIn(text);
      if (all.length === 0) return;
      const kept = all.filter(({ task }) => this.#progress.includes(task) && !this.#progress.has(task));
      if (kept.length === all.length && isWhole) return;
      if (kept.length === 0) await rm(path, { force: true });
      else await writeFileAtomically(path, kept.map((failure) => `${JSON.stringify(failure)}\n`).join(''));
    } catch {}
  }
}
