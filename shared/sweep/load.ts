import { EdgesweepError } from '../errors.ts';
import { cellsOf } from './cells.ts';
import { parseSweepText } from './document.ts';
import { figureProblems } from './figure.ts';
import { problemsOf } from './issues.ts';
import { type Flags, fromEnvironment, fromFlags, labelOf, overlay, unreachable } from './overrides.ts';
import { printedValues } from './printed.ts';
import { type Problem, refuse } from './problems.ts';
import { readSweep } from './read.ts';
import { type SearchSweep, type Sweep, sweepFileSchema } from './schema.ts';
import { defaultRows, repeatedKeys, tableProblems } from './table.ts';
import { trajectoryFigureProblems } from './trajectory-figure.ts';

export type Overrides = {
  /** EDGESWEEP_RUNS, EDGESWEEP_SEED and EDGESWEEP_ENGINE are read from it; usually `process.env` */
  environment?: Readonly<Record<string, string | undefined>>;
  flags?: Flags;
};

/**
 * Reads, checks and completes a sweep.
 * @param path a file, or the bare name of a sweep that comes with the package
 * @throws EdgesweepError SWEEP_NOT_FOUND, SWEEP_TOO_LARGE, USAGE for a flag that cannot be read, or SWEEP_INVALID with
 * every problem and its `file:line:column`, or the flag or variable that it came from
 */
export function loadSweep(path: string, { environment = {}, flags = {} }: Overrides = {}): Sweep {
  const { file, text } = readSweep(path);
  const document = parseSweepText(text, file);
  const variables = fromEnvironment(environment);
  const options = fromFlags(flags);
  const overrides = [...variables, ...options];
  const where = (problem: Problem) =>
    labelOf(problem.path, overrides, document.has) ?? document.where(problem.path, problem.atKey);
  refuse(unreachable(document.value, overrides), file, where);

  // defaults (in the schema) < file < environment < flags
  const written = overlay(document.value, ...variables, ...options);
  const parsed = sweepFileSchema.safeParse(written);
  if (!parsed.success) refuse(problemsOf(parsed.error.issues, written), file, where);
  const sweep = inWrittenOrder(parsed.data, written) as NonNullable<typeof parsed.data>;

  const { cells, problems } = cellsOf(sweep);
  refuse(problems, file, where);
  const rows = sweep.table.rows ?? defaultRows(sweep, cells);
  if (sweep.experiment === 'trajectory') {
    const table = { ...sweep.table, rows };
    refuse([...repeatedKeys({ ...table, columns: [] }), ...trajectoryFigureProblems(sweep.figure)], file, where);
    return { ...sweep, table };
  }
  const laidOut = { ...sweep, table: { ...sweep.table, rows } };
  const table = { ...laidOut.table, paper: printedValues(laidOut, cells, document.value, overrides) };
  refuse([...tableProblems(table, cells), ...figureProblems(sweep.figure, cells)], file, where);
  return { ...sweep, table };
}

/** As `loadSweep`, for what only sweeps of maximal step sizes have. @throws as it does; USAGE for a sweep of another experiment */
export function loadSearchSweep(path: string, overrides?: Overrides): SearchSweep {
  const sweep = loadSweep(path, overrides);
  if (sweep.experiment === 'maximal-step-size') return sweep;
  throw new EdgesweepError('USAGE', 'this is no sweep of maximal step sizes', { where: path, got: sweep.experiment });
}

/** Validation returns keys in the schema's order; the product of the grid goes by the order in which they were written. */
function inWrittenOrder(value: unknown, written: unknown): unknown {
  if (typeof value !== 'object' || value === null || typeof written !== 'object' || written === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => inWrittenOrder(item, (written as unknown[])[i]));
  const complete = value as Record<string, unknown>;
  const source = written as Record<string, unknown>;
  const keys = new Set([...Object.keys(source), ...Object.keys(complete)]);
  return Object.fromEntries([...keys].map((key) => [key, inWrittenOrder(complete[key], source[key])]));
}
