import { dirname } from 'node:path';
import { EdgesweepError } from '../errors.ts';
import type { ExperimentName } from '../experiments/mod.ts';
import { cellsOf } from './cells.ts';
import { objectDocument, parseSweepText, type SweepDocument } from './document.ts';
import { kindIn, kindOf, type Plan, type Sweep, type SweepNamed } from './experiments/mod.ts';
import { problemsOf } from './issues.ts';
import {
  type Flags,
  fromEnvironment,
  fromFlags,
  fromValues,
  labelOf,
  type Override,
  overlay,
  unreachable,
} from './overrides.ts';
import { type Problem, refuse, valueAt } from './problems.ts';
import { readSweep } from './read.ts';
import { parseSweepFile } from './schema.ts';
import { defaultRows } from './table.ts';

export type Overrides = {
  /** EDGESWEEP_RUNS, EDGESWEEP_SEED and EDGESWEEP_ENGINE are read from it; usually `process.env` */
  environment?: Readonly<Record<string, string | undefined>>;
  flags?: Flags;
  /** values of keys, by their paths such as `grid.width` */
  values?: Readonly<Record<string, unknown>>;
};

/**
 * Reads, checks and completes a sweep.
 * @param source a file, the bare name of a sweep that comes with the package, or a sweep as an object
 * @throws EdgesweepError SWEEP_NOT_FOUND, SWEEP_TOO_LARGE, USAGE for a flag that cannot be read, or SWEEP_INVALID with
 * every problem and its `file:line:column`, or the flag or variable that it came from
 */
export function loadSweep(
  source: string | object,
  { environment = {}, flags = {}, values = {} }: Overrides = {},
): Sweep {
  const { file, document } = documentOf(source);
  const variables = fromEnvironment(environment).filter(({ path: [key] }) => hasKey(document.value, String(key)));
  const options = [...fromFlags(flags), ...fromValues(values)];
  const overrides = [...variables, ...options];
  const where = (problem: Problem) =>
    labelOf(problem.path, overrides, document.has) ?? document.where(problem.path, problem.atKey);
  refuse(unreachable(document.value, overrides), file, where);

  // defaults (in the schema) < file < environment < flags < values
  const written = overlay(document.value, ...variables, ...options);
  const parsed = parseSweepFile(written);
  if (!parsed.success) refuse(problemsOf(parsed.error.issues, written), file, where);
  const ordered = inWrittenOrder(parsed.data, written) as Plan;
  const resolved = kindOf(ordered).resolve?.(ordered, dirname(file));
  refuse(resolved?.problems ?? [], file, where);
  const plan = resolved?.plan ?? ordered;

  const { cells, problems } = cellsOf(plan);
  refuse(problems, file, where);
  const rows = plan.table.rows ?? defaultRows(plan, cells, kindOf(plan).withoutRows);
  const from = sourceOf(plan.source, overrides, document.value);
  const sweep = { ...plan, ...(from !== undefined && { source: from }), table: { ...plan.table, rows } } as Sweep;
  const read = (text: unknown) => {
    const { data } = kindIn(text)?.name === sweep.experiment ? parseSweepFile(text) : {};
    return data && { plan: data, cells: cellsOf(data).cells };
  };
  const finished = kindOf(sweep).finish(sweep, cells, { overrides, written: document.value, read });
  refuse(finished.problems, file, where);
  return finished.sweep;
}

function documentOf(source: string | object): { file: string; document: SweepDocument } {
  if (typeof source !== 'string') return { file: 'the sweep', document: objectDocument(source) };
  const { file, text } = readSweep(source);
  return { file, document: parseSweepText(text, file) };
}

/** As `loadSweep`, for a command that takes sweeps of one experiment. @throws as it does; USAGE for a sweep of another experiment */
export function loadSweepOf<Name extends ExperimentName>(
  experiment: Name,
  path: string,
  overrides?: Overrides,
): SweepNamed<Name> {
  const sweep = loadSweep(path, overrides);
  if (sweep.experiment === experiment) return sweep as SweepNamed<Name>;
  throw new EdgesweepError('USAGE', 'this sweep belongs to a different experiment', {
    where: path,
    expected: `experiment ${experiment}`,
    got: `experiment ${sweep.experiment}`,
  });
}

/** May a sweep of this experiment have the key? A variable is for all sweeps, and some have no engine. */
function hasKey(written: unknown, key: string): boolean {
  const kind = kindIn(written);
  return kind === undefined || key in kind.file().shape;
}

/** Keys that change what is printed or how sure it is, but not what is studied. */
const COSMETIC = ['name', 'title', 'source', 'runs', 'shard', 'seed', 'data', 'engine', 'table', 'figure'];

/** A sweep whose grid or training was changed on the command line is not the one of its source any more, and says so. */
function sourceOf(source: string | undefined, overrides: readonly Override[], written: unknown): string | undefined {
  if (source === undefined || overrides.some(({ path }) => path[0] === 'source')) return source;
  const changed = overrides.filter(
    ({ path, value }) =>
      !COSMETIC.includes(String(path[0])) && JSON.stringify(valueAt(written, path)) !== JSON.stringify(value),
  );
  const [, original, before] = /^(.*?)(?: \(modified: (.*)\))?$/s.exec(source) ?? [];
  const keys = [...(before?.split(', ') ?? []), ...changed.map(({ path }) => path.join('.'))];
  return keys.length === 0 ? source : `${original} (modified: ${[...new Set(keys)].join(', ')})`;
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
