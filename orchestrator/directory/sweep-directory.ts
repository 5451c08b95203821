import { isExact, leavesCheckpoints, type Outcome, type Task } from '../../shared/mod.ts';
import type { Expansion } from '../../shared/sweep/mod.ts';
import { removeCheckpoints } from '../../worker/mod.ts';
import type { Growth } from '../adaptive/growth.ts';
import {
  findOutcome,
  findOutcomes,
  type Journal,
  journalOf,
  moveLines,
  OutcomeDecoder,
  openJournalFile,
  outcomesDiffer,
  readableLines,
  requireReadable,
  resultText,
} from './journal/mod.ts';
import { checkpointFolder, journalPath } from './layout.ts';
import type { Lock } from './lock.ts';
import type { Progress } from './progress.ts';
import { writeSeries } from './series.ts';

type Parts = {
  path: string;
  expansion: Expansion;
  progress: Progress;
  /** ids of tasks whose outcome is recorded, and whose series is missing */
  incomplete: Set<Task['id']>;
  journal: Journal;
  lock: Lock;
  growth: Growth | undefined;
};

/** A sweep directory open for writing; `openSweepDirectory` makes it. */
export class SweepDirectory {
  readonly path: string;
  readonly expansion: Expansion;
  /** what the journal has of the sweep as it is now */
  readonly progress: Progress;
  /** decides how many runs each cell gets, where that is not fixed; it knows what `progress` does */
  readonly growth: Growth | undefined;
  readonly #incomplete: Set<Task['id']>;
  #journal: Journal;
  readonly #lock: Lock;
  /** outcomes not yet on the disk, by task id */
  readonly #underWay = new Map<string, { outcome: Outcome; written: Promise<void> }>();

  constructor({ path, expansion, progress, incomplete, journal, lock, growth }: Parts) {
    this.path = path;
    this.expansion = expansion;
    this.progress = progress;
    this.growth = growth;
    this.#incomplete = incomplete;
    this.#journal = journal;
    this.#lock = lock;
  }

  /**
   * Resolves once the outcome is on the disk; only then is its task done. A second outcome of a task is not written, but has
   * to have the same result.
   * @param file that belongs to the outcome; it is on the disk before the outcome is
   * @throws DISK, OUTCOMES_DIFFER, TASK_FAILED
   */
  async append(outcome: Outcome, file?: Uint8Array): Promise<void> {
    requireReadable(outcome);
    const { task } = outcome;
    const underWay = this.#underWay.get(task.id);
    if (underWay !== undefined) {
      requireSameResult(outcome, underWay.outcome, 'the outcome being written');
      return underWay.written;
    }
    if (this.progress.has(task)) return this.#requireSameAsWritten(outcome);
    const written = this.#write(outcome, file);
    this.#underWay.set(task.id, { outcome, written });
    try {
      await written;
      this.progress.add(task);
      this.growth?.add(outcome);
      if (leavesCheckpoints(task.cell)) removeCheckpoints(checkpointFolder(this.path), task.id);
    } finally {
      this.#underWay.delete(task.id);
    }
  }

  /** An outcome that is recorded already, and lacked its series, is compared and not written again: no line may conflict with another. */
  async #write(outcome: Outcome, file?: Uint8Array): Promise<void> {
    if (!this.#incomplete.has(outcome.task.id)) {
      await writeSeries(this.path, outcome, file);
      return this.#journal.append(outcome);
    }
    await this.#requireSameAsWritten(outcome);
    await writeSeries(this.path, outcome, file);
  }

  /** Is the outcome of the task on the disk, or on its way there? */
  has(task: Task): boolean {
    return this.#underWay.has(task.id) || this.progress.has(task);
  }

  /** The outcomes of these tasks on the disk, or on their way there. Reads the journal once. @param ids of tasks */
  async recorded(ids: ReadonlySet<string>): Promise<Map<string, Outcome>> {
    const found = await findOutcomes(journalPath(this.path), ids);
    for (const [id, { outcome }] of this.#underWay) if (ids.has(id)) found.set(id, outcome);
    return found;
  }

  /**
   * Moves recorded outcomes out of the journal and beside it, so that their tasks are left again. Waits for what is under way; nothing may be
   * appended meanwhile.
   * @param reasonOf why an outcome is taken back; undefined for one that stays
   * @returns the tasks of the sweep that are left again
   * @throws DISK; then nothing more can be appended
   */
  async retract(reasonOf: (outcome: Outcome) => string | undefined): Promise<Task[]> {
    await Promise.allSettled([...this.#underWay.values()].map(({ written }) => written));
    const path = journalPath(this.path);
    const found = await findLines(path, reasonOf);
    if (found.length === 0) return [];
    // an outcome that is appended to the file that is replaced would be lost
    await this.#journal.close();
    await moveLines(this.path, path, new Map(found.map(({ line, reason }) => [line, reason])));
    this.#journal = await journalOf(this.path, await openJournalFile(this.path));
    const tasks = found.map(({ task }) => task).filter((task) => this.progress.has(task));
    for (const { task } of found) {
      this.progress.remove(task);
      this.growth?.remove(task);
      this.#incomplete.delete(task.id);
    }
    return tasks;
  }

  /** Waits for the outcomes under way, then lets go of the journal and the lock. */
  async close(): Promise<void> {
    try {
      await this.#journal.close();
    } finally {
      this.#lock.release();
    }
  }

  async #requireSameAsWritten(outcome: Outcome): Promise<void> {
    const path = journalPath(this.path);
    const earlier = await findOutcome(path, outcome.task.id);
    if (earlier !== undefined) requireSameResult(outcome, earlier.outcome, `${path}:${earlier.line}`);
  }
}

async function findLines(path: string, reasonOf: (outcome: Outcome) => string | undefined) {
  const found: { line: number; task: Task; reason: string }[] = [];
  const decoder = new OutcomeDecoder(path);
  for await (const lines of readableLines(path)) {
    for (const line of lines) {
      const outcome = decoder.decode(line);
      const reason = reasonOf(outcome);
      if (reason !== undefined) found.push({ line: line.number, task: outcome.task, reason });
    }
  }
  return found;
}

function requireSameResult(outcome: Outcome, earlier: Outcome, where: string): void {
  if (!isExact(outcome.task.numerics)) return;
  const results = [resultText(earlier), resultText(outcome)];
  if (results[0] === results[1]) return;
  throw outcomesDiffer(
    outcome.task.id,
    { where, result: results[0] },
    { where: `an outcome from ${outcome.provenance.host}`, result: results[1] },
  );
}
