import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { isExact, visible } from '../../../shared/mod.ts';
import type { FailedTask } from '../../cluster/mod.ts';
import { JournalTail, journalPath, outcomesDiffer, readSweep, resultText, sweepPath } from '../../directory/mod.ts';
import { troubleOf } from '../trouble.ts';
import type { FailedRun, Standing, Trouble } from '../wire.ts';
import { FailedRuns } from './failed-runs.ts';
import { SweepModel } from './model.ts';
import { RunWatch } from './run-watch.ts';
import { type Signature, signatureOf } from './signature.ts';
import type { Summaries } from './summary.ts';

/** A damaged journal is read again when it changed, and not more often. */
const RETRY_MS = 2000;

/** One sweep directory, as it changes. It is never written to. */
export class FollowedSweep {
  readonly directory: string;
  readonly id: string;
  epoch = 1;
  #model: SweepModel | undefined;
  #tail: JournalTail;
  #sweepSignature: Signature | undefined;
  #trouble: { error: unknown; shown: Trouble; signature: Signature; at: number } | undefined;
  #read = 0;
  #isRead = false;
  #changed: number | null = null;
  #version = 0;
  /** outcomes that were read, of any sweep */
  #lines = 0;
  #polling: Promise<boolean> | undefined;
  /** the standing after the last look */
  #shown = '';
  /** bytes of the journal in the summary */
  #saved: number | undefined;

  /** the run under way */
  readonly run: RunWatch;
  readonly #failed: FailedRuns;
  readonly #summaries: Summaries | undefined;

  constructor(directory: string, summaries?: Summaries) {
    this.directory = directory;
    this.#summaries = summaries;
    this.id = idOf(directory);
    this.#tail = new JournalTail(journalPath(directory));
    this.run = new RunWatch(directory);
    this.#failed = new FailedRuns(directory);
  }

  /** what was thrown last; undefined when all could be read */
  get error(): unknown {
    return this.#trouble?.error;
  }

  /** undefined while the sweep file could not be read */
  get model(): SweepModel | undefined {
    return this.#model;
  }

  get tail(): JournalTail {
    return this.#tail;
  }

  /** @returns whether this sweep has any of them, or had */
  setFailed(failed: readonly FailedTask[]): boolean {
    const had = this.failed().length > 0;
    this.#failed.setServer(failed);
    const changed = had || this.failed().length > 0;
    if (changed) this.#version += 1;
    return changed;
  }

  /** Failed tasks that are not recorded. */
  failed(): FailedRun[] {
    return this.#failed.list(this.#model);
  }

  /** The same with the logs of programs. @param most of which the logs are read */
  async failedWithLogs(most: number): Promise<FailedRun[]> {
    return this.#model === undefined ? [] : this.#failed.withLogs(this.#model, most);
  }

  /** Is it worth looking at often? */
  get isLively(): boolean {
    return this.run.isRunning || !this.#isRead || (this.#changed !== null && Date.now() - this.#changed < 60_000);
  }

  /**
   * Looks at the directory once; a second call meanwhile waits for the first.
   * @param onProgress called while a long journal is read
   * @returns whether anything changed that the page shows
   */
  poll(onProgress: () => void = () => {}): Promise<boolean> {
    this.#polling ??= this.#poll(onProgress).finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #poll(onProgress: () => void): Promise<boolean> {
    try {
      await this.#look(onProgress);
    } catch (error) {
      const since = this.#trouble?.shown.since;
      const shown = troubleOf(error);
      const isSame =
        this.#trouble !== undefined &&
        this.#trouble.shown.message === shown.message &&
        shown.got === this.#trouble.shown.got;
      this.#trouble = {
        error,
        shown: isSame ? { ...shown, since: since ?? shown.since } : shown,
        signature: await this.#signature(),
        at: Date.now(),
      };
      this.#isRead = true;
      this.#tail = new JournalTail(journalPath(this.directory));
    }
    const shown = JSON.stringify(this.standing());
    const changed = shown !== this.#shown;
    this.#shown = shown;
    return changed;
  }

  async #look(onProgress: () => void): Promise<void> {
    if (this.#trouble !== undefined) {
      const { signature, at } = this.#trouble;
      if (Date.now() - at < RETRY_MS || signature === (await this.#signature())) return;
      this.#reset();
    }
    const sweepSignature = await signatureOf(sweepPath(this.directory));
    if (this.#model === undefined || sweepSignature !== this.#sweepSignature) {
      this.#reset();
      this.#model = new SweepModel(await readSweep(this.directory));
      this.#sweepSignature = sweepSignature;
      const mark = this.#model.isSaveable ? await this.#summaries?.load(this.id, this.#model) : undefined;
      if (mark !== undefined) {
        this.#tail = new JournalTail(journalPath(this.directory), mark);
        this.#lines = mark.lines;
      }
    }
    await this.run.look();
    if (await this.#failed.look()) this.#version += 1;
    let polled = await this.#pollJournal(onProgress);
    if (polled === 'replaced' || polled === 'missing') {
      const sweep = this.#model.sweep;
      if (this.#model.done > 0 || this.#model.others > 0) {
        this.#reset();
        this.#model = new SweepModel(sweep);
        this.#sweepSignature = sweepSignature;
      }
      if (polled === 'replaced') polled = await this.#pollJournal(onProgress);
    }
    this.#trouble = undefined;
    if (!this.#isRead) await this.#save();
    this.#isRead = true;
    this.#read = 1;
    this.#changed = this.#tail.mark?.modified ?? null;
  }

  #pollJournal(onProgress: () => void) {
    const model = this.#model!;
    return this.#tail.poll(async (read, share) => {
      model.nextBatch();
      for (const { outcome, offset, bytes } of read) {
        this.#lines += 1;
        this.run.count(outcome, this.#lines);
        const earlier = model.add(outcome, offset, bytes);
        if (earlier === undefined || !isExact(outcome.task.numerics)) continue;
        const first = resultText(await this.#tail.readAt(earlier.offset, earlier.bytes));
        const second = resultText(outcome);
        if (first === second) continue;
        const where = journalPath(this.directory);
        throw outcomesDiffer(outcome.task.id, { where, result: first }, { where, result: second });
      }
      model.endBatch();
      this.#version += 1;
      if (!this.#isRead) {
        this.#read = share;
        onProgress();
      }
    });
  }

  #reset(): void {
    this.epoch += 1;
    this.#version += 1;
    this.#model = undefined;
    this.#lines = 0;
    this.#sweepSignature = undefined;
    this.#trouble = undefined;
    this.#tail = new JournalTail(journalPath(this.directory));
  }

  async #signature(): Promise<Signature> {
    const files = [sweepPath(this.directory), journalPath(this.directory)];
    return (await Promise.all(files.map(signatureOf))).join(' ');
  }

  /** Keeps what was read for the next page, unless more is being read just now. */
  async save(): Promise<void> {
    if (this.#polling === undefined) await this.#save();
  }

  async #save(): Promise<void> {
    const { mark } = this.#tail;
    if (!this.#model?.isSaveable || this.#trouble !== undefined || mark?.offset === this.#saved) return;
    await this.#summaries?.save(this.id, this.#model, mark);
    this.#saved = mark?.offset;
  }

  standing(): Standing {
    const model = this.#model;
    const trouble = this.#trouble?.shown ?? null;
    const [done, total] = [model?.done ?? 0, model?.total ?? 0];
    const isRunning = this.run.isRunning;
    const pace = model !== undefined && isRunning && this.#isRead ? this.run.pace(model) : undefined;
    const state = isRunning
      ? this.run.now?.state === 'paused'
        ? 'paused'
        : 'running'
      : done === total
        ? 'complete'
        : 'partial';
    return {
      id: this.id,
      directory: visible(this.directory),
      name: visible(model?.sweep.name ?? basename(this.directory)),
      title: visible(model?.sweep.title ?? ''),
      experiment: model?.sweep.experiment ?? '',
      state: trouble !== null ? 'unreadable' : this.#isRead ? state : 'reading',
      done,
      total,
      failed: this.failed().length,
      cells: model?.expansion.cells.length ?? 0,
      rate: pace?.rate ?? null,
      left: pace?.secondsLeft ?? null,
      hosts: model?.hosts.size ?? 0,
      changed: this.#changed,
      read: this.#read,
      run: this.run.now,
      trouble,
      version: this.#version,
      epoch: this.epoch,
    };
  }
}

/** The page's name of a sweep directory. */
export const idOf = (directory: string): string => createHash('sha256').update(directory).digest('hex').slice(0, 12);
