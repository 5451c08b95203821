import type { Cell, SearchCell } from '../cell.ts';
import type { Dataset } from '../dataset.ts';
import type { Optimizer } from '../optimizer.ts';
import { type Loss, type Model, ROW_SPACE, TRAJECTORY } from '../vocabulary.ts';
import { completeDataset, type DatasetParts, type Group, groupsOf } from './axes.ts';
import { excluder } from './exclude.ts';
import { DATASET_KEYS, describeCell } from './keys.ts';
import { modelProblems } from './models.ts';
import type { Problem } from './problems.ts';
import type { SearchSweep, TrajectorySweep } from './schema.ts';
import { trajectoryProblems } from './trajectory-cells.ts';

/** More tasks than this are a mistake in the grid, and would not fit in memory. */
const MAX_TASKS = 10_000_000;

type Common = 'experiment' | 'grid' | 'zip' | 'exclude' | 'data' | 'runs';
type Plan = Pick<SearchSweep, Common | 'search' | 'engine'> | Pick<TrajectorySweep, Common | 'trajectory'>;

/** The cells of a sweep in order, or else what is wrong with its grid as a whole. */
export function cellsOf(sweep: Plan): { cells: Cell[]; problems: Problem[] } {
  const { groups, problems } = groupsOf(sweep);
  if (problems.length > 0) return { cells: [], problems };
  // before anything is listed: the product may be larger than any memory
  const count = groups.reduce((product, { length }) => product * length, 1);
  if (count * sweep.runs > MAX_TASKS) return { cells: [], problems: [tooLarge(count, sweep.runs)] };
  const duplicates = groups.flatMap(duplicateProblems);
  if (duplicates.length > 0) return { cells: [], problems: duplicates };
  const excluded = excluder(sweep.exclude);
  const cells = product(groups, sweep).filter((cell) => !excluded.matches(cell));
  const excludeProblems = excluded.problems(cells.length);
  if (excludeProblems.length > 0) return { cells, problems: excludeProblems };
  if (sweep.experiment === 'trajectory') return { cells, problems: trajectoryProblems(cells, sweep) };
  const found = cells as SearchCell[];
  const batches = batchProblems(found, sweep.grid.batchSize);
  return { cells, problems: [...batches, ...reductionProblems(found), ...modelProblems(found, sweep.engine)] };
}

/** Every combination, the first group slowest. Parts that cells have in common are shared between them. */
function product(groups: readonly Group[], plan: Plan): Cell[] {
  const factors = groups.map((group) => group.axes.map((axis) => ({ key: axis.key, values: axis.values() })));
  const point: Record<string, unknown> = {};
  const cells: Cell[] = [];
  const cellAt = cellMaker(plan);
  const visit = (level: number): void => {
    if (level === factors.length) {
      cells.push(cellAt(point));
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

/** The cell of a point of the grid, with what all cells of the sweep have besides. */
function cellMaker(plan: Plan): (point: Readonly<Record<string, unknown>>) => Cell {
  const datasetAt = datasetReader();
  // where the data are is no part of a task
  const { draw } = plan.data;
  if (plan.experiment === 'trajectory') {
    const trajectory = { arithmetic: TRAJECTORY, ...plan.trajectory } as const;
    const data = { draw };
    return (point) => {
      const { activation, depth, width, initialization, scheme } = point as Extract<Cell, { scheme: unknown }>;
      const dataset = datasetAt(point);
      return { activation, depth, width, dataset, batchSize: 'full', initialization, data, scheme, trajectory };
    };
  }
  const { search } = plan;
  const data: SearchCell['data'] = plan.data.reduce === undefined ? { draw } : { draw, reduce: ROW_SPACE };
  return (point) => {
    const { activation, depth, width, batchSize, initialization } = point as SearchCell;
    const dataset = datasetAt(point);
    const cell: SearchCell = { activation, depth, width, dataset, batchSize, initialization, data, search };
    // what is the rule is not written, so that a task keeps the id that it had before there were others
    const { model, loss, optimizer } = point as { model: Model; loss: Loss; optimizer: Optimizer };
    if (model === 'cnn') cell.model = model;
    if (loss === 'cross-entropy') cell.loss = loss;
    if (optimizer !== undefined && optimizer.kind !== 'sgd') cell.optimizer = optimizer;
    return cell;
  };
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
    got: `${cells} cells * ${runs} runs = ${cells * runs} tasks`,
    fix: 'use fewer values or runs, tie keys with `zip`, or split the sweep in several',
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
        // of those that are mappings with lists within, the place in the list says nothing
        path: ['dataset', 'scheme', 'optimizer'].includes(axes[0].key) ? axes[0].path : [...axes[0].path, i],
        message: `a value of ${names} comes twice`,
        expected: 'every cell of the grid once',
        got: `${combination.slice(1, -1)} as value ${(first.get(combination) as number) + 1} and ${i + 1}`,
        fix: 'remove one of the two; more `runs` repeat a cell',
      });
    }
    first.set(combination, i);
  }
  return problems;
}

/** One problem for all cells whose batch is larger than their data. */
function batchProblems(cells: readonly SearchCell[], written: SearchSweep['grid']['batchSize']): Problem[] {
  const tooLarge = (cell: SearchCell) => cell.batchSize !== 'full' && cell.batchSize > cell.dataset.examples;
  const index = cells.findIndex(tooLarge);
  if (index < 0) return [];
  const cell = cells[index];
  const { batchSize, dataset } = cell;
  const others = cells.filter(tooLarge).length - 1;
  return [
    {
      path: ['grid', 'batchSize', ...(Array.isArray(written) ? [written.indexOf(batchSize)] : [])],
      message: `the batch is larger than the data in cell ${index}${others > 0 ? ` and ${others} more` : ''} (${describeCell(cell)})`,
      expected: `a batch size of at most ${dataset.examples}, or full`,
      got: String(batchSize),
      fix: `lower it, tie \`dataset.examples\` and \`batchSize\` with \`zip\`, or exclude: [{batchSize: ${batchSize}, dataset: {examples: ${dataset.examples}}}]`,
    },
  ];
}

/** One problem for all cells that have no fewer examples than inputs. */
function reductionProblems(cells: readonly SearchCell[]): Problem[] {
  const isTall = ({ data, dataset }: SearchCell) => data.reduce !== undefined && dataset.examples >= dataset.dimensions;
  const index = cells.findIndex(isTall);
  if (index < 0) return [];
  const { examples, dimensions } = cells[index].dataset;
  const others = cells.filter(isTall).length - 1;
  return [
    {
      path: ['data', 'reduce'],
      message: `nothing to reduce in cell ${index}${others > 0 ? ` and ${others} more` : ''} (${describeCell(cells[index])})`,
      expected: `fewer examples than inputs, ${dimensions}`,
      got: `${examples} examples`,
      fix: 'remove `data.reduce`, or exclude these cells and give them a sweep of their own',
    },
  ];
}
