import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Json, type ProgramCell, type ProgramResult, stepSizesOf, type TaskOf } from '../../shared/mod.ts';
import { ProgramFailure } from './failure.ts';
import type { Asker, OnStep, Question } from './launch.ts';
import type { TaskLog } from './log.ts';
import { finishSeries, StepRecorder } from './series.ts';
import { badAnswer } from './verdict.ts';

/** In the task's folder, beside the program's own files. */
const STEPS_FILE = '.edgesweep-steps.jsonl';

type ProgramTask = TaskOf<'program'>;

/** A seed for the program's generators: the first 32 bits of the SHA-256 of `SEED RUN`. */
export const randomOf = ({ seed, run }: Pick<ProgramTask, 'seed' | 'run'>): number =>
  createHash('sha256').update(`${seed} ${run}`).digest().readUInt32BE(0);

type Surroundings = { log: TaskLog; folder: string | undefined };

/** Has a program compute a task. @throws ProgramFailure, MachineFault */
export async function computeTask(
  task: ProgramTask,
  asker: Asker,
  { log, folder }: Surroundings,
): Promise<{ result: ProgramResult; file?: Uint8Array }> {
  const { id, cell, run, seed } = task;
  const question: Question = {
    id,
    params: cell.params,
    run,
    seed,
    random: randomOf(task),
    ...(folder !== undefined && { folder }),
  };
  const { search } = cell.program;
  if (search !== undefined)
    return { result: await searchLadder(cell, question, (asked, onStep) => asker.ask(asked, log, onStep)) };
  const recorder = new StepRecorder(folder && join(folder, STEPS_FILE));
  const { values } = await asker.ask(question, log, (step, row) => recorder.add(step, row));
  const result = { values: checked(cell, values), search: null, series: null };
  if (recorder.rows === 0) return { result };
  const { digest, rows, file } = await finishSeries(recorder);
  return { result: { ...result, series: { digest, rows } }, file };
}

/** Algorithm 2: the first rung at which the program says that it diverged, or the last one under the ceiling. */
async function searchLadder(
  cell: ProgramCell,
  question: Question,
  ask: (
    question: Question,
    onStep: OnStep,
  ) => Promise<{ values: Record<string, number>; diverged: boolean | undefined }>,
): Promise<ProgramResult> {
  const { name, search } = cell.program;
  let last: ProgramResult | undefined;
  let rung = 0;
  for (const value of stepSizesOf(search!)) {
    const params: Record<string, Json> = { ...cell.params, [search!.parameter]: value };
    // ids tell the rungs apart: an answer that comes late is not taken for the next one's
    const { values, diverged } = await ask(
      { ...question, id: `${question.id}.${rung}`, params, rung },
      () => undefined,
    );
    if (diverged === undefined) {
      throw new ProgramFailure('PROGRAM_FAILED', `the program \`${name}\` does not say whether it diverged`, {
        expected: 'a result with "diverged": true or false, since the sweep has a `search`',
        got: JSON.stringify(values),
        fix: 'add `diverged` to the result, or remove `search` from the sweep',
      });
    }
    last = {
      values: checked(cell, values),
      search: { value, rung, end: diverged ? 'diverged' : 'ceiling' },
      series: null,
    };
    if (diverged) return last;
    rung += 1;
  }
  return last!;
}

/** In alphabetical order, and all there that the sweep asks for. */
function checked({ program: { name, metrics } }: ProgramCell, values: Record<string, number>): Record<string, number> {
  const missing = metrics.filter((metric) => !Object.hasOwn(values, metric));
  if (missing.length > 0) {
    throw badAnswer(name, `no number for ${missing.join(', ')} in ${JSON.stringify(values).slice(0, 500)}`);
  }
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
