import { cellValue, type SearchCell, type SearchTask, varyingKeys } from '../../shared/mod.ts';
import type { Comparison, EnginePair } from '../../worker/mod.ts';
import { tableLines } from '../columns.ts';

/** Two engines disagree where more rungs lie between their answers, unless chance alone can bring that about, see `disagrees`. */
export const LARGEST_RUNGS = 2;
/** Or where their losses differ by more, relative to the larger. */
export const LARGEST_DIFFERENCE = 1e-3;

/**
 * Is it more than rounding? Of trainings that are chaotic before they end, the rung tells nothing: it differs as much when inputs or step sizes
 * of one engine move in their last places, which the table shows beside it.
 */
export function disagrees({ rungs, reproducible, difference }: Comparison): boolean {
  return difference > LARGEST_DIFFERENCE || (reproducible && apart(rungs) > LARGEST_RUNGS);
}

type Compared = { task: SearchTask; comparison: Comparison };

/** A line for each value of the keys that vary, or for all tasks. @param columns of the terminal */
export function crosscheckTable(
  cells: readonly SearchCell[],
  done: readonly Compared[],
  [first, second]: EnginePair,
  columns: number | undefined,
): string {
  const keys = varyingKeys(cells);
  const groups = new Map<string, { values: string[]; comparisons: Comparison[] }>();
  for (const { task, comparison } of inOrder(cells, done)) {
    const values = keys.map((key) => String(cellValue(task.cell, key)));
    const name = values.join('\n');
    const group = groups.get(name) ?? { values, comparisons: [] };
    group.comparisons.push(comparison);
    groups.set(name, group);
  }
  const heads = ['tasks', 'same rung', 'largest', 'mean', 'own largest', 'own mean', 'losses', 'compared'];
  const rows = [...groups.values()].map(({ values, comparisons }) => [...values, ...numbers(comparisons)]);
  const align = [...keys.map(() => 'left' as const), ...heads.map(() => 'right' as const)];
  const lines = tableLines({ head: [...keys, ...heads], align, body: rows }, columns);
  return `${[...lines, ...NOTES(first, second)].join('\n')}\n`;
}

const NOTES = (first: string, second: string): string[] => [
  `largest, mean: difference between ${first} and ${second} in rungs; own: between one of them and itself, with inputs and step sizes perturbed in their last places`,
  'losses: largest relative difference among reproducible losses up to 1e6; compared: share of iterations that are reproducible',
];

/** Threads end in any order. */
function inOrder(cells: readonly SearchCell[], done: readonly Compared[]): Compared[] {
  const place = new Map(cells.map((cell, i) => [cell, i]));
  return done.toSorted(
    (a, b) => (place.get(a.task.cell) ?? 0) - (place.get(b.task.cell) ?? 0) || a.task.run - b.task.run,
  );
}

const apart = ([a, b]: readonly [number, number]): number => Math.abs(a - b);

function numbers(comparisons: readonly Comparison[]): string[] {
  const spread = (all: number[]) => [
    String(Math.max(...all)),
    (all.reduce((sum, value) => sum + value, 0) / all.length).toFixed(2),
  ];
  const total = (of: (comparison: Comparison) => number) => comparisons.reduce((sum, each) => sum + of(each), 0);
  const difference = Math.max(...comparisons.map((each) => each.difference));
  return [
    String(comparisons.length),
    String(comparisons.filter(({ rungs }) => apart(rungs) === 0).length),
    ...spread(comparisons.map(({ rungs }) => apart(rungs))),
    ...spread(comparisons.flatMap(({ own }) => own)),
    difference === 0 ? '0' : difference.toExponential(1),
    `${((100 * total(({ compared }) => compared)) / total(({ computed }) => computed)).toFixed(0)} %`,
  ];
}
