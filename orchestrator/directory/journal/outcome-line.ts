import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import {
  type Cell,
  cellessOutcomeSchemaOf,
  cellKey,
  EdgesweepError,
  experimentIn,
  experimentOf,
  messageOf,
  type Outcome,
  outcomeSchemaOf,
  resultProblem,
  type Task,
  taskId,
} from '../../../shared/mod.ts';
import { cellNumbers } from '../../../shared/sweep/mod.ts';
import { type Line, MAX_LINE_BYTES } from './lines.ts';
import { seal, unseal } from './sealed.ts';

const firstIssue = ({ issues: [{ path, message }] }: z.ZodError): string =>
  `${path.join('.') || 'the line'}: ${message}`;

function problemOfId(task: Task): string | undefined {
  const id = taskId(task);
  return task.id === id ? undefined : `the task's id is ${task.id}, but its text has the id ${id}`;
}

/** Why the parts of an outcome of the schema do not belong together; undefined when they do. */
const mismatch = ({ task, result }: Outcome): string | undefined => problemOfId(task) ?? resultProblem(task, result);

/** A line of the journal. Its digest is over all of it, so that no damage to a result, and no swap of two, is read as an outcome. */
export const outcomeLine = (outcome: Outcome): string => `${seal(outcome)}\n`;

/** What two executions of a task must agree in, as text with the keys in the order of the schema. */
export const resultText = ({ task, result }: Outcome): string =>
  JSON.stringify(experimentOf(task).result().parse(result));

const CELL_KEY = '"cell":';

/** Turns the lines of one journal into outcomes; equal cells become one object, which a million outcomes then share. */
export class OutcomeDecoder {
  readonly #path: string;
  readonly #numerics: string | undefined;
  /** by their JSON as lines have it; cells that are not of the sweep also by it with the keys in the order of the schema */
  readonly #cells = new Map<string, Cell>();
  /** whether the lines have digests; undefined before the first */
  #sealed: boolean | undefined;

  readonly #ofSweep: readonly Cell[];

  /**
   * @param numerics the only arithmetic to accept; absent: any
   * @param ofSweep cells that outcomes share, where theirs is equal to one of them; whoever holds these needs no memory for others
   */
  constructor(path: string, numerics?: string, ofSweep: readonly Cell[] = []) {
    this.#path = path;
    this.#numerics = numerics;
    this.#ofSweep = ofSweep;
  }

  /** Does the journal lack digests, as earlier versions wrote it? */
  get isUnsealed(): boolean {
    return this.#sealed === false;
  }

  /** @throws JOURNAL_DAMAGED, JOURNAL_OTHER_NUMERICS */
  decode(line: Line): Outcome {
    const text = this.#unseal(line, this.#text(line));
    // most lines have a cell that an earlier one had, and reading it again would be most of the work; no string of JSON can hold
    // these quotation marks, so what is taken out is a cell
    const start = text.indexOf(CELL_KEY) + CELL_KEY.length;
    const end = text.indexOf('},"run":', start) + 1;
    const known = this.#cells.get(text.slice(start, end));
    const rest = known === undefined ? text : `${text.slice(0, start)}null${text.slice(end)}`;
    const value = this.#parse(line, rest);
    // a second key of the same name, or a number that is written otherwise, would be read as if it were not there
    if (JSON.stringify(value) !== rest) throw this.#damaged(line, 'JSON that is not in its shortest form');
    this.#checkNumerics(line, value);
    const outcome =
      known === undefined
        ? this.#check<Outcome>(line, outcomeSchemaOf(experimentIn(value)), value)
        : this.#fillIn(line, value, known);
    if (known === undefined) {
      const { cell } = (value as Outcome).task;
      const slice = text.slice(start, end);
      // what was cut out is something else where a result has such keys too
      outcome.task.cell = this.#shared(outcome.task.cell, JSON.stringify(cell) === slice ? slice : undefined);
    }
    const problem = mismatch(outcome);
    if (problem !== undefined) throw this.#damaged(line, problem);
    return outcome;
  }

  #check<T>(line: Line, schema: z.ZodType<T>, value: unknown): T {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw this.#damaged(line, firstIssue(parsed.error));
    return parsed.data;
  }

  #fillIn(line: Line, value: unknown, cell: Cell): Outcome {
    const { task, ...rest } = this.#check(line, cellessOutcomeSchemaOf(experimentIn(value)), value);
    return { task: { ...task, cell }, ...rest } as Outcome;
  }

  /** Either all lines of a journal have a digest or none: damage to a digest does not make a line without one. */
  #unseal(line: Line, text: string): string {
    const sealed = unseal(text);
    if (sealed === 'damaged') throw this.#damaged(line, 'a line that does not match its digest');
    this.#sealed ??= sealed !== undefined;
    if (this.#sealed !== (sealed !== undefined)) {
      throw this.#damaged(
        line,
        sealed === undefined ? 'a line without a digest' : 'a digest, although no earlier line has one',
      );
    }
    return sealed?.text ?? text;
  }

  #text({ number, bytes }: Line): string {
    if (bytes.length > MAX_LINE_BYTES) throw this.#damaged({ number }, `a line of more than ${MAX_LINE_BYTES} bytes`);
    if (!isUtf8(bytes)) throw this.#damaged({ number }, 'bytes that are not UTF-8');
    return bytes.toString('utf8');
  }

  #parse({ number }: Line, text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#damaged({ number }, `not JSON: ${messageOf(error)}`);
    }
  }

  // Before the schema: another arithmetic may go with other fields, and its name tells the user more.
  #checkNumerics({ number }: Line, value: unknown): void {
    if (this.#numerics === undefined) return;
    const numerics = (value as { task?: { numerics?: unknown } } | null)?.task?.numerics;
    if (typeof numerics !== 'string' || numerics === this.#numerics) return;
    throw new EdgesweepError('JOURNAL_OTHER_NUMERICS', 'the journal was computed with a different arithmetic', {
      where: `${this.#path}:${number}`,
      expected: `numerics ${this.#numerics}`,
      got: `numerics ${numerics}`,
      fix: 'use another directory with --out, or continue with the version of edgesweep that manifest.json names',
    });
  }

  /** @param written the JSON of the cell in its line */
  #shared(cell: Cell, written: string | undefined): Cell {
    const number = cellNumbers(this.#ofSweep).get(cellKey(cell));
    const shared = number === undefined ? this.#strange(cell) : this.#ofSweep[number];
    if (written !== undefined) this.#cells.set(written, shared);
    return shared;
  }

  /** One object for all equal cells that are not of the sweep. */
  #strange(cell: Cell): Cell {
    // the schema has put the keys in one order
    const text = JSON.stringify(cell);
    const shared = this.#cells.get(text) ?? cell;
    this.#cells.set(text, shared);
    return shared;
  }

  #damaged({ number }: Pick<Line, 'number'>, got: string): EdgesweepError {
    return new EdgesweepError('JOURNAL_DAMAGED', `line ${number} of the journal is damaged`, {
      where: `${this.#path}:${number}`,
      expected: 'an outcome as JSON, with the id of its task and a result that is possible for the task',
      got,
      fix: 'restore the file from a copy, or run `edgesweep repair DIR` to move damaged lines aside; the next run recomputes their tasks',
    });
  }
}

/**
 * Refuses an outcome that would make a damaged line: a journal that its own reader refuses would be found out a run too late.
 * @throws TASK_FAILED
 */
export function requireReadable(outcome: Outcome): void {
  const { error } = outcomeSchemaOf(outcome.task.experiment).safeParse(outcome);
  const got = error ? firstIssue(error) : mismatch(outcome);
  if (got === undefined) return;
  throw new EdgesweepError('TASK_FAILED', 'a task returned an invalid outcome', {
    where: `task ${outcome.task.id}`,
    expected: 'a valid outcome, with the id of its task and a result that is possible for the task',
    got,
    fix: 'nothing was recorded; use the same version of edgesweep on all machines',
  });
}
