import { type Cell, EdgesweepError, isExact, type Outcome, type Task } from '../../../shared/mod.ts';
import { systemCode } from '../disk-error.ts';
import { type Line, readLines } from './lines.ts';
import { OutcomeDecoder, resultText } from './outcome-line.ts';
import { TaskSet } from './task-set.ts';

/** So many repeated lines are compared in one more pass over the file. */
const REPEATS_A_PASS = 100_000;

type Repeat = { id: string; line: number; result: string };

/**
 * The outcomes of a journal file, in the order written and each task once. Takes no lock and may run beside a writer: it
 * sees what was there when it began. Memory: the distinct cells and about a byte a task.
 *
 * A line for a task that an earlier line has is checked to hold the same result, where two executions are the same to the bit; one that differs is found at the latest
 * when the iteration ends.
 *
 * @param options.numerics the only arithmetic to accept; absent: any
 * @param options.cells those of the sweep, which outcomes share
 * @param options.decoder instead of one for this arithmetic: it tells whether the journal has digests
 * @throws JOURNAL_DAMAGED, JOURNAL_OTHER_NUMERICS, OUTCOMES_DIFFER, DIRECTORY_UNREADABLE
 */
export async function* readJournal(
  path: string,
  options: { numerics?: string; cells?: readonly Cell[] | undefined; decoder?: OutcomeDecoder } = {},
): AsyncGenerator<Outcome> {
  const { decoder = new OutcomeDecoder(path, options.numerics, options.cells) } = options;
  const seen = new TaskSet();
  let repeats: Repeat[] = [];
  for await (const lines of readableLines(path)) {
    for (const line of lines) {
      const outcome = decoder.decode(line);
      if (seen.add(outcome.task)) {
        yield outcome;
        continue;
      }
      if (!isExact(outcome.task.numerics)) continue;
      repeats.push({ id: outcome.task.id, line: line.number, result: resultText(outcome) });
      if (repeats.length === REPEATS_A_PASS) {
        await compareRepeats(path, repeats);
        repeats = [];
      }
    }
  }
  if (repeats.length > 0) await compareRepeats(path, repeats);
}

/** The first line of the task, found by reading the journal from its beginning; undefined when it has none. */
export async function findOutcome(
  path: string,
  taskId: Task['id'],
): Promise<{ outcome: Outcome; line: number } | undefined> {
  const decoder = new OutcomeDecoder(path);
  for await (const lines of readableLines(path)) {
    for (const line of lines) {
      if (!line.bytes.includes(taskId)) continue;
      const outcome = decoder.decode(line);
      if (outcome.task.id === taskId) return { outcome, line: line.number };
    }
  }
  return undefined;
}

/** The outcomes of several tasks, by their ids, found in one pass over the journal. */
export async function findOutcomes(path: string, ids: ReadonlySet<string>): Promise<Map<string, Outcome>> {
  const found = new Map<string, Outcome>();
  for await (const outcome of readJournal(path)) if (ids.has(outcome.task.id)) found.set(outcome.task.id, outcome);
  return found;
}

export function outcomesDiffer(id: string, first: { where: string; result: string }, second: typeof first) {
  return new EdgesweepError('OUTCOMES_DIFFER', `two executions of task ${id} have different results`, {
    where: `${first.where} and ${second.where}`,
    expected: first.result,
    got: second.result,
    fix: `suspect a faulty machine or a changed file; move all lines of the task aside with \`edgesweep repair DIR --forget ${id.slice(0, 12)}\`, and rerun the sweep`,
  });
}

async function compareRepeats(path: string, repeats: readonly Repeat[]): Promise<void> {
  const firsts = new Map<string, Omit<Repeat, 'id'> | undefined>(repeats.map(({ id }) => [id, undefined]));
  const decoder = new OutcomeDecoder(path);
  let missing = firsts.size;
  for await (const lines of readableLines(path)) {
    for (const line of lines) {
      const outcome = decoder.decode(line);
      const { id } = outcome.task;
      if (!firsts.has(id) || firsts.get(id) !== undefined) continue;
      firsts.set(id, { line: line.number, result: resultText(outcome) });
      missing -= 1;
    }
    if (missing === 0) break;
  }
  for (const { id, line, result } of repeats) {
    const first = firsts.get(id);
    if (first === undefined || first.result === result) continue;
    throw outcomesDiffer(
      id,
      { where: `${path}:${first.line}`, result: first.result },
      { where: `${path}:${line}`, result },
    );
  }
}

export async function* readableLines(path: string): AsyncGenerator<Line[]> {
  try {
    yield* readLines(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new EdgesweepError('DIRECTORY_UNREADABLE', 'cannot read the journal', {
      where: path,
      got: code,
      fix: 'check the path and its permissions',
      cause: error,
    });
  }
}
