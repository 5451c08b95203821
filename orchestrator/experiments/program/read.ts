import {
  type Cell,
  EdgesweepError,
  type GridValue,
  isOutcomeOf,
  isParameterKey,
  keysOfCells,
  nearest,
  type Outcome,
  type ProgramCell,
  type ProgramResult,
} from '../../../shared/mod.ts';
import { type ExpansionOf, membersOf, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { outline } from '../../report/groups.ts';

/** What a search finds, among the numbers of a result. */
export const SEARCHED = 'value';

export type ProgramGroup = { row: GridValue[]; runs: number; results: ProgramResult[] };

/** The numbers of a sweep of programs by the values of some keys. */
export type ProgramNumbers = {
  keys: readonly string[];
  /** names of the numbers to show */
  values: readonly string[];
  groups: ProgramGroup[];
  tasks: { done: number; total: number };
};

/** A number of a result. */
export const numberOf = ({ search, values }: ProgramResult, name: string): number | null =>
  (name === SEARCHED && search !== null ? search.value : values[name]) ?? null;

/** The key that is meant: `lr` is short for `params.lr`. @throws EdgesweepError USAGE */
export function parameterKey(key: string, cells: readonly Cell[]): string {
  const known = keysOfCells(cells).filter(isParameterKey);
  for (const name of [key, `params.${key}`]) if (known.includes(name)) return name;
  const meant = nearest(`params.${key}`, known) ?? nearest(key, known);
  throw new EdgesweepError('USAGE', `unknown grid key \`${key}\``, {
    expected: `one of ${known.join(', ')}`,
    got: key,
    fix: meant === undefined ? 'use one of these keys' : `did you mean \`${meant}\`?`,
  });
}

/**
 * @param asked keys and names of numbers; what is left out is the sweep's
 * @throws EdgesweepError USAGE for a key or a number that there is not
 */
export async function readNumbers(
  sweep: SweepNamed<'program'>,
  expansion: ExpansionOf<'program'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  asked: { keys?: readonly string[]; values?: readonly string[] },
): Promise<ProgramNumbers> {
  const { cells, runs, tasks } = expansion;
  const keys = (asked.keys ?? sweep.table.rows).map((key) => parameterKey(key, cells));
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const found = groups.map((group): ProgramGroup => ({ row: group.row, runs: group.cells.length * runs, results: [] }));
  const groupOf = new Map(groups.flatMap((group, i) => group.cells.map((cell) => [cell, found[i]] as const)));
  const cellOf = membersOf(expansion);
  const reported = new Set<string>();
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'program')) continue;
    const index = cellOf(outcome.task);
    if (index === undefined) continue;
    for (const name of Object.keys(outcome.result.values)) reported.add(name);
    groupOf.get(cells[index])!.results.push(outcome.result);
  }
  const values = valuesOf(sweep, cells, [...reported].sort(), asked.values);
  const done = found.reduce((sum, { results }) => sum + results.length, 0);
  return { keys, values, groups: found, tasks: { done, total: tasks } };
}

function valuesOf(
  { program: { metrics }, search, table }: SweepNamed<'program'>,
  cells: readonly ProgramCell[],
  reported: readonly string[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const searched = search === undefined ? [] : [SEARCHED];
  const known = [...new Set([...searched, ...Object.keys(metrics), ...reported])];
  const chosen = asked ?? table.values;
  if (chosen === undefined) {
    if (searched.length > 0) return searched;
    return Object.keys(metrics).length > 0 ? Object.keys(metrics) : reported;
  }
  // before the first outcome nothing is known of what the program reports
  if (reported.length > 0 || cells.length === 0 || asked !== undefined)
    requireKnown(chosen, known, 'the program does not report `%`');
  return chosen;
}

/** @param problem with % for the first name that is unknown @throws EdgesweepError USAGE */
export function requireKnown(names: readonly string[], known: readonly string[], problem: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new EdgesweepError(
    'USAGE',
    problem.replace('%', () => unknown),
    {
      expected: `one of ${known.join(', ')}`,
      got: unknown,
      fix: meant === undefined ? 'use one of these' : `did you mean \`${meant}\`?`,
    },
  );
}
