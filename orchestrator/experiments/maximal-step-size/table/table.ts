import { DATASET_KEYS, type GridValue, isOutcomeOf, type Outcome } from '../../../../shared/mod.ts';
import {
  type ExpansionOf,
  membersOf,
  type SearchSweep,
  type Statistic,
  type Stop,
} from '../../../../shared/sweep/mod.ts';
import type { TableOptions } from '../../../report/formats.ts';
import { type Axes, type Group, outline, varyingValues } from '../../../report/groups.ts';
import { type CellRuns, runsOfCells } from '../../../report/runs.ts';
import { onFewValues } from '../../../statistics.ts';
import { paperValues } from './paper.ts';
import { Sample, type Tally } from './sample.ts';
import { differenceFromPaper, type Mark, marks, parseStatistics, type Statistics, statistics } from './statistics.ts';

export type Entry = {
  row: GridValue[];
  column: GridValue[];
  /** runs that the sweep asks for here; `statistics.n` of them are there */
  runs: number;
  /** why it gets no more; undefined where their number is fixed */
  stop: Stop | undefined;
  statistics: Statistics;
  marks: Record<Statistic, Mark>;
  /** how many of the n runs only bound the maximal step size, from which side */
  atMost: number;
  atLeast: number;
  /** the runs by their step sizes, ascending */
  tallies: (Tally & { value: number })[];
  /** number of distinct step sizes among the runs */
  rungs: number;
  paper: number | null;
  /** from the paper's value, in standard errors */
  difference: number | null;
};

/** Whether the difference from the paper's value is one of runs on few rungs, and so no number of standard errors. */
export const isRough = ({ difference, rungs, statistics: { n } }: Entry): boolean =>
  difference !== null && onFewValues(rungs, n);

/** Marks such a difference, in every format. */
export const ROUGH = '†';

/** A sweep's results as rows and columns; what every format renders. A function of the sweep and its outcomes alone. */
export type Table = {
  name: string;
  title: string;
  source: string | null;
  axes: Axes;
  rows: GridValue[][];
  columns: GridValue[][];
  /** by row, then column; a combination that the sweep leaves out has none */
  entries: Entry[];
  /** what to show; null: what suits the shape of the table */
  shown: readonly Statistic[] | null;
  paperRuns: number;
  sweepRuns: SearchSweep['runs'];
  /** trained in the row space of the inputs */
  reduced: boolean;
  tasks: { done: number; total: number };
  /** keys that take several values within an entry, with their values */
  pooled: Map<string, GridValue[]>;
};

/**
 * @param outcomes in any order, one for each task; those that are not of this sweep (it was edited since) are passed over
 * @throws EdgesweepError USAGE for a key or statistic that does not exist
 */
export async function tableRows(
  sweep: SearchSweep,
  expansion: ExpansionOf<'maximal-step-size'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  options: TableOptions = {},
): Promise<Table> {
  const { cells } = expansion;
  const asked = options.stat ?? sweep.table.statistics ?? [];
  const shown = asked.length === 0 ? null : parseStatistics(asked);
  const by = options.by ?? [];
  const wanted = by.length === 0 ? sweep.table : { rows: [...new Set(by)], columns: [] };
  const { axes, rows, columns, groups } = outline(cells, { rows: wanted.rows, columns: wanted.columns });
  const samples = await collect(expansion, groups, outcomes);
  const paperOf = paperValues(sweep, cells);
  const entries = groups.map((group, i) =>
    entryOf(group, samples[i], runsOfCells(expansion, group.cells), paperOf(group.cells), sweep.table.paperRuns),
  );
  const done = entries.reduce((sum, entry) => sum + entry.statistics.n, 0);
  return {
    name: sweep.name,
    title: sweep.title,
    source: sweep.source ?? null,
    axes,
    rows,
    columns,
    entries,
    shown,
    paperRuns: sweep.table.paperRuns,
    sweepRuns: sweep.runs,
    reduced: cells.some(({ data }) => data.reduce !== undefined),
    tasks: { done, total: expansion.tasks },
    pooled: pooledKeys(groups, gridKeys(sweep)),
  };
}

/** The sample of each group. */
async function collect(
  expansion: ExpansionOf<'maximal-step-size'>,
  groups: readonly Group[],
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
): Promise<Sample[]> {
  const samples = groups.map(() => new Sample());
  const sampleOf = new Map(groups.flatMap(({ cells }, i) => cells.map((cell) => [cell, samples[i]] as const)));
  const cellOf = membersOf(expansion);
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'maximal-step-size')) continue;
    const index = cellOf(outcome.task);
    if (index !== undefined) sampleOf.get(expansion.cells[index])!.add(outcome.result);
  }
  return samples;
}

function entryOf(
  group: Group,
  sample: Sample,
  { runs, stop }: CellRuns,
  paper: number | null,
  paperRuns: number,
): Entry {
  const stats = statistics(sample);
  const tallies = sample.tallies();
  return {
    row: group.row,
    column: group.column,
    runs,
    stop,
    statistics: stats,
    marks: marks(sample),
    atMost: sample.atMost,
    atLeast: sample.atLeast,
    tallies,
    rungs: tallies.length,
    paper,
    difference: paper === null ? null : differenceFromPaper(stats, paper, paperRuns),
  };
}

/** Every key of the grid that has one value in a cell. */
function gridKeys({ grid }: SearchSweep): string[] {
  const parts = DATASET_KEYS.map((part) => `dataset.${part}`);
  return Object.keys(grid).flatMap((key) => (key === 'dataset' ? parts : [key]));
}

function pooledKeys(groups: readonly Group[], keys: readonly string[]): Map<string, GridValue[]> {
  const pooled = new Map<string, GridValue[]>();
  for (const group of groups) {
    for (const [key, values] of varyingValues(group.cells, keys)) {
      pooled.set(key, [...new Set([...(pooled.get(key) ?? []), ...values])]);
    }
  }
  return pooled;
}
