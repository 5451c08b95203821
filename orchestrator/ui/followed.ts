import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { expectedCost, isExact, visible } from '../../shared/mod.ts';
import type { FailedTask } from '../cluster/mod.ts';
import {
  isWrittenTo,
  JournalTail,
  journalPath,
  manifestPath,
  outcomesDiffer,
  readManifest,
  readSweep,
  resultText,
  sweepPath,
} from '../directory/mod.ts';
import { type Pace, PaceMeter } from '../status/mod.ts';
import { logText } from './logs.ts';
import { SweepModel } from './model.ts';
import type { Summaries } from './summary.ts';
import { troubleOf } from './trouble.ts';
import type { FailedRun, Standing, Trouble } from './wire.ts';

/** A damaged journal is read again when it changed, and not more often. */
const RETRY_MS = 2000;

/** Files as they were, to see that they changed. */
type Signature = string;

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
  #isRunning = false;
  #changed: number | null = null;
  #version = 0;
  /** outcomes that were read, of any sweep */
  #lines = 0;
  /** of the run under way, as `status` measures it */
  #run: { started: number; before: number; signature: Signature; meter: PaceMeter } | undefined;
  #costs: Float64Array | undefined;
  #polling: Promise<boolean> | undefined;
  #failed: readonly FailedTask[] = [];
  /** those of this sweep, found when they or the model changed */
  #ownFailed: { of: readonly FailedTask[]; model: SweepModel; runs: FailedRun[] } | undefined;
  /** bytes of the journal in the summary */
  #saved: number | undefined;

  readonly #summaries: Summaries | undefined;

  constructor(directory: string, summaries?: Summaries) {
    this.directory = directory;
    this.#summaries = summaries;
    this.id = createHash('sha256').update(directory).digest('hex').slice(0, 12);
    this.#tail = new JournalTail(journalPath(directory));
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
    this.#failed = failed;
    const changed = had || this.failed().length > 0;
    if (changed) this.#version += 1;
    return changed;
  }

  /** Runs that a nats-server has set aside and that are not recorded. */
  failed(): FailedRun[] {
    const [of, model] = [this.#failed, this.#model];
    if (of.length === 0 || model === undefined) return [];
    if (this.#ownFailed?.of !== of || this.#ownFailed.model !== model)
      this.#ownFailed = { of, model, runs: of.flatMap((failed) => failedRun(model, failed) ?? []) };
    return this.#ownFailed.runs.filter(({ cell, run }) => model.placeOf(cell, run) === undefined);
  }

  /** Is it worth looking at often? */
  get isLively(): boolean {
    return this.#isRunning || !this.#isRead || (this.#changed !== null && Date.now() - this.#changed < 60_000);
  }

  /**
   * Looks at the directory once; a second call meanwhile waits for the first.
   * @param onProgress told while a long journal is read
   * @returns whether anything changed that the page shows
   */
  poll(onProgress: () => void = () => {}): Promise<boolean> {
    this.#polling ??= this.#poll(onProgress).finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  async #poll(onProgress: () => void): Promise<boolean> {
    const before = JSON.stringify(this.standing());
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
    return JSON.stringify(this.standing()) !== before;
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
    this.#isRunning = isWrittenTo(this.directory);
    if (this.#isRunning) await this.#lookAtRun();
    else this.#run = undefined;
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

  /** A run says in the manifest when it began, and how much was recorded before. */
  async #lookAtRun(): Promise<void> {
    const signature = await signatureOf(manifestPath(this.directory));
    if (signature === this.#run?.signature) return;
    const manifest = await readManifest(this.directory).catch(() => undefined);
    if (manifest?.recorded === undefined) return;
    const started = Date.parse(manifest.started);
    this.#run = { started, before: manifest.recorded, signature, meter: new PaceMeter() };
  }

  #pace(): Pace | undefined {
    const [model, run] = [this.#model, this.#run];
    if (model === undefined || run === undefined || !this.#isRead) return undefined;
    const { cells } = model.expansion;
    this.#costs ??= Float64Array.from(cells, expectedCost);
    const left = this.#costs.reduce((sum, cost, cell) => sum + cost * (model.wanted(cell) - model.doneOfCell(cell)), 0);
    return run.meter.pace((Date.now() - run.started) / 1000, left);
  }

  #pollJournal(onProgress: () => void) {
    const model = this.#model!;
    return this.#tail.poll(async (read, share) => {
      model.nextBatch();
      for (const { outcome, offset, bytes } of read) {
        this.#lines += 1;
        if (this.#run !== undefined && this.#lines > this.#run.before) this.#run.meter.add(outcome);
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
    this.#costs = undefined;
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
    const pace = this.#pace();
    return {
      id: this.id,
      directory: visible(this.directory),
      name: visible(model?.sweep.name ?? basename(this.directory)),
      title: visible(model?.sweep.title ?? ''),
      experiment: model?.sweep.experiment ?? '',
      state:
        trouble !== null
          ? 'unreadable'
          : !this.#isRead
            ? 'reading'
            : this.#isRunning
              ? 'running'
              : done === total
                ? 'complete'
                : 'partial',
      done,
      total,
      failed: this.failed().length,
      cells: model?.expansion.cells.length ?? 0,
      rate: pace?.rate ?? null,
      left: pace?.secondsLeft ?? null,
      hosts: model?.hosts.size ?? 0,
      changed: this.#changed,
      read: this.#read,
      trouble,
      version: this.#version,
      epoch: this.epoch,
    };
  }
}

function failedRun(model: SweepModel, { task, error, node = '', log }: FailedTask): FailedRun | undefined {
  const cell = task && model.cellOf(task);
  if (task === undefined || cell === undefined) return undefined;
  const text = { task: task.id, why: visible(error), node: visible(node) };
  return { cell, run: task.run, ...text, log: log === undefined ? null : logText(log) };
}

async function signatureOf(path: string): Promise<Signature> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return 'none';
  }
}
