import { experimentOf, visible } from '../../../shared/mod.ts';
import type { FailedTask } from '../../cluster/mod.ts';
import { failuresPath, logPath, type RecordedFailure, readRecordedFailures } from '../../directory/mod.ts';
import { endOfLog, logText } from '../logs.ts';
import type { FailedRun } from '../wire.ts';
import type { SweepModel } from './model.ts';
import { type Signature, signatureOf } from './signature.ts';

/** The failed tasks of one sweep: those that a nats-server has set aside, and those that a run of the directory has recorded. */
export class FailedRuns {
  readonly #directory: string;
  #ofServer: readonly FailedTask[] = [];
  #ofRuns: readonly RecordedFailure[] = [];
  #signature: Signature = 'none';
  /** those of this sweep, found when they or the model changed */
  #found: { ofServer: unknown; ofRuns: unknown; model: SweepModel; runs: FailedRun[] } | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  setServer(failed: readonly FailedTask[]): void {
    this.#ofServer = failed;
  }

  /** Reads what runs have recorded. @returns whether it changed */
  async look(): Promise<boolean> {
    const signature = await signatureOf(failuresPath(this.#directory));
    if (signature === this.#signature) return false;
    this.#signature = signature;
    this.#ofRuns = await readRecordedFailures(this.#directory);
    return true;
  }

  /** Those that are not recorded, each task once; what the server knows comes first. */
  list(model: SweepModel | undefined): FailedRun[] {
    const [ofServer, ofRuns] = [this.#ofServer, this.#ofRuns];
    if (model === undefined || ofServer.length + ofRuns.length === 0) return [];
    if (this.#found?.ofServer !== ofServer || this.#found.ofRuns !== ofRuns || this.#found.model !== model) {
      const onServer = ofServer.flatMap((failed) => failedOnServer(model, failed) ?? []);
      const known = new Set(onServer.map(({ task }) => task));
      const here = ofRuns.flatMap((failed) => (known.has(failed.task.id) ? [] : (failedHere(model, failed) ?? [])));
      this.#found = { ofServer, ofRuns, model, runs: [...onServer, ...here] };
    }
    return this.#found.runs.filter(({ cell, run }) => model.placeOf(cell, run) === undefined);
  }

  /** The same with the ends of the logs that programs left in the directory. @param most that are read */
  async withLogs(model: SweepModel, most: number): Promise<FailedRun[]> {
    const failed = this.list(model);
    if (experimentOf(model.sweep).byProgram !== true) return failed;
    const read = failed.slice(0, most).map(async (one) => {
      const log = one.log ?? (await endOfLog(logPath(this.#directory, { id: one.task })));
      return { ...one, log };
    });
    return [...(await Promise.all(read)), ...failed.slice(most)];
  }
}

function failedOnServer(model: SweepModel, { task, error, node = '', log }: FailedTask): FailedRun | undefined {
  const cell = task && model.cellOf(task);
  if (task === undefined || cell === undefined) return undefined;
  const text = { task: task.id, why: visible(error), node: visible(node) };
  return { cell, run: task.run, ...text, log: log === undefined ? null : logText(log), isOnServer: true };
}

function failedHere(model: SweepModel, { task, error }: RecordedFailure): FailedRun | undefined {
  const cell = model.cellOf(task);
  if (cell === undefined) return undefined;
  const why = `${visible(error.message)} [${visible(error.code)}]`;
  return { cell, run: task.run, task: task.id, why, node: '', log: null, isOnServer: false };
}
