import { counted } from '../amounts.ts';
import type { Dataset } from '../dataset.ts';
import { type Cell, DATASET_KEYS } from '../experiments/mod.ts';
import { completeDataset, type DatasetParts, type Group, groupsOf } from './axes.ts';
import { excluder } from './exclude.ts';
import { kindOf, type Plan } from './experiments/mod.ts';
import type { Problem } from './problems.ts';
import { isAdaptive, mostRuns } from './runs.ts';

/** More tasks than this are a mistake in the grid, and would not fit in memory. */
const MAX_TASKS = 10_000_000;

/** The cells of a sweep in order, or else what is wrong with its grid as a whole. */
export function cellsOf(sweep: Plan): { cells: Cell[]; problems: Problem[] } {
  const { groups, problems } = groupsOf(sweep);
  if (problems.length > 0) return { cells: [], problems };
  if (sweep.shard !== undefined && isAdaptive(sweep.runs)) return { cells: [], problems: [ADAPTIVE_SHARD] };
  // before anything is listed: the product may be larger than any memory
  const count = groups.reduce((product, { length }) => product * length, 1);
  const runs = mostRuns(sweep.runs);
  if (count * runs > MAX_TASKS) return { cells: [], problems: [tooLarge(count, runs)] };
  const duplicates = groups.flatMap(duplicateProblems);
  if (duplicates.length > 0) return { cells: [], problems: duplicates };
  const excluded = excluder(sweep.exclude);
  const cells = product(groups, sweep).filter((cell) => !excluded.matches(cell));
  const excludeProblems = excluded.problems(cells.length);
  if (excludeProblems.length > 0) return { cells, problems: excludeProblems };
  return { cells, problems: kindOf(sweep).problems(cells, sweep) };
}

/** Which runs a cell gets is decided from all of its runs, and a shard has some of them. */
const ADAPTIVE_SHARD: Problem = {
  path: ['shard'],
  message: 'a sweep with `runs: {until: ...}` has no shards',
  expected: 'a fixed number of runs',
  got: 'runs that are added as they are needed',
  fix: 'give --runs, or split the grid',
};

/** Every combination, the first group slowest. Parts that cells have in common are shared between them. */
function product(groups: readonly Group[], plan: Plan): Cell[] {
  const factors = groups.map((group) => group.axes.map((axis) => ({ key: axis.key, values: axis.values() })));
  const point: Record<string, unknown> = {};
  const cells: Cell[] = [];
  const datasetAt = datasetReader();
  const cellAt = kindOf(plan).cellMaker(plan);
  const visit = (level: number): void => {
    if (level === factors.length) {
      cells.push(cellAt(point, datasetAt(point)));
      return;
    }
    for (let i = 0; i < groups[level].length; i++) {
      for (const { key, values } of factors[level]) point[key] = values[i];
      visit(level + 1);
    }
  };
  visit(0);
  return cells;
}

/** Reads the dataset of a point; the one of the point before, as long as it is the same. */
function datasetReader(): (point: Readonly<Record<string, unknown>>) => Dataset {
  let last: { parts: unknown[]; dataset: Dataset } | undefined;
  return (point) => {
    if (point.dataset !== undefined) return point.dataset as Dataset;
    const parts = DATASET_KEYS.map((key) => point[`dataset.${key}`]);
    if (last === undefined || parts.some((part, i) => part !== last?.parts[i])) {
      const given = DATASET_KEYS.flatMap((key, i) => (parts[i] === undefined ? [] : [[key, parts[i]]]));
      last = { parts, dataset: completeDataset(Object.fromEntries(given) as DatasetParts) };
    }
    return last.dataset;
  };
}

function tooLarge(cells: number, runs: number): Problem {
  return {
    path: ['grid'],
    code: 'SWEEP_TOO_LARGE',
    message: 'the sweep is too large',
    expected: `at most ${MAX_TASKS} tasks`,
    got: `${counted(cells, 'cell')} * ${counted(runs, 'run')} = ${counted(cells * runs, 'task')}`,
    fix: 'use fewer values or runs, tie keys with `zip`, or split the sweep into several',
  };
}

/** Groups have no key in common, so a cell comes twice exactly when one group repeats a combination. */
function duplicateProblems({ axes, length }: Group): Problem[] {
  const columns = axes.map((axis) => axis.values());
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  for (let i = 0; i < length; i++) {
    const combination = JSON.stringify(columns.map((values) => values[i]));
    if (first.has(combination)) {
      const names = axes.map(({ key }) => `\`${key}\``).join(', ');
      problems.push({
        path: axes[0].listed ? [...axes[0].path, i] : axes[0].path,
        message: `a value of ${names} is repeated`,
        expected: 'every cell of the grid once',
        got: `${combination.slice(1, -1)} as value ${(first.get(combination) as number) + 1} and ${i + 1}`,
        fix: 'remove one of the two; more `runs` repeat a cell',
      });
    }
    first.set(combination, i);
  }
  return problems;
}
