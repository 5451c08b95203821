import { markdownTable } from 'markdown-table';
import type { Activation, SearchCell } from '../../dist/shared/mod.js';
import { loadSweepOf } from '../../dist/shared/sweep/mod.js';
import { ladder, problemOf } from '../../dist/worker/mod.js';
import { atLeast, percent, withInterval } from './binomial.ts';
import type { Explanation } from './explanation.ts';
import { probabilityOfMean, type Tail } from './mean-of-runs.ts';
import { searchFrom } from './trials.ts';

/** runs behind a printed value */
const RUNS = 10;
/** How many data sets, each of ten runs; more for the two values that stand out. */
const DATA_SETS = { 'table-4.1': { sigmoid: 500 }, 'table-4.2': { linear: 1000 } } as Record<
  string,
  Record<string, number>
>;
const DATA_SETS_OTHERS = 100;
/**
 * Complete searches that say where the others begin: as far below the smallest step size that they find as the largest is above it, but
 * not below this share of it.
 */
const COMPLETE = 40;
const BEGIN = 0.75;
/** Searches that end within this factor of where they begin would show that they began too late. */
const LATE = 1.005;

type Row = {
  sweep: string;
  activation: string;
  printed: number;
  /** rung: number of runs, over all data sets */
  rungs: [rung: number, stepSize: number, count: number][];
  /** ten-run mean of each data set */
  means: number[];
  late: number;
};

/** How likely each printed value is. */
export const printedValues: Explanation<Row[]> = {
  name: 'printed-values',
  compute: () => ['table-4.1', 'table-4.2'].flatMap(rowsOf),
  text: (rows) => `### How likely the printed values are

Table 4.1's sigmoid and Table 4.2's linear value lie far from ours in standard errors. Ten runs that end on two rungs are ten throws of a coin,
so standard errors do not decide; counts do. Tested: for each row ${DATA_SETS_OTHERS} data sets (${DATA_SETS['table-4.1'].sigmoid} and ${DATA_SETS['table-4.2'].linear} for these two), ten runs on each. *Data per run*: the mean
of ten runs, each with its own data, is the sum of ten draws from the distribution of all runs, by exact convolution. *Data per
cell* (one data set for all ten, which the thesis leaves open): the share of data sets whose mean of ten is as far out or further. Both are twice the
smaller tail, at most 1; in brackets Wilson's 95 % interval.

${markdownTable([
  ['row', 'printed', 'mean of all runs', 'rungs', 'p, data per run', 'p, data per cell'],
  ...rows.map((row) => [
    `${row.sweep}, ${row.activation}`,
    String(row.printed),
    meanOf(row).toFixed(5),
    String(row.rungs.length),
    shown(perRun(row).twoSided),
    perCellText(row),
  ]),
])}

${sigmoidText(rows.find(({ sweep, activation }) => sweep === 'table-4.1' && activation === 'sigmoid') as Row)}

${togetherText(rows)}

Searches begin as far below the smallest step size of ${COMPLETE} complete ones as the largest is above it, or at ${BEGIN} of it; on its first rung
ended ${rows.reduce((sum, { late }) => sum + late, 0)} of ${rows.reduce((sum, { means }) => sum + means.length * RUNS, 0)} (sigmoid's on k = 484).
`,
};

function rowsOf(sweep: string): Row[] {
  const { grid, search, table } = loadSweepOf('maximal-step-size', sweep);
  return Object.entries(table.paper ?? {}).map(([activation, printed]) => {
    const cell: SearchCell = {
      activation: activation as Activation,
      depth: 3,
      width: 10,
      dataset: { kind: 'synthetic', examples: 100, dimensions: 10, outputs: 10 },
      batchSize: grid.batchSize as SearchCell['batchSize'],
      initialization: 'pytorch-default',
      data: { draw: 'per-cell' },
      search,
    };
    process.stderr.write(`  ${sweep} ${activation}\n`);
    const begin = beginOf(cell);
    const counts = new Map<number, { stepSize: number; count: number }>();
    const means: number[] = [];
    let late = 0;
    for (let seed = 0; seed < (DATA_SETS[sweep][activation] ?? DATA_SETS_OTHERS); seed++) {
      const problem = problemOf(cell, seed, 0);
      let sum = 0;
      for (let run = 0; run < RUNS; run++) {
        const { rung, stepSize } = searchFrom(problem, trialsFrom(cell, seed, run, begin));
        counts.set(rung, { stepSize, count: (counts.get(rung)?.count ?? 0) + 1 });
        sum += stepSize;
        if (stepSize < begin * LATE) late += 1;
      }
      means.push(sum / RUNS);
    }
    const rungs = [...counts].sort(([a], [b]) => a - b);
    return {
      sweep,
      activation,
      printed,
      rungs: rungs.map(([rung, { stepSize, count }]) => [rung, stepSize, count]),
      means,
      late,
    };
  });
}

const trialsFrom = (cell: SearchCell, seed: number, run: number, begin: number) =>
  [...ladder(cell.search, seed, run)].filter(({ stepSize }) => stepSize >= begin);

function beginOf(cell: SearchCell): number {
  // seeds that no data set has
  const seeds = Array.from({ length: COMPLETE }, (_, i) => 1_000_000 + i);
  const found = seeds.map((seed) => searchFrom(problemOf(cell, seed, 0), trialsFrom(cell, seed, 0, 0)).stepSize);
  const least = Math.min(...found);
  return Math.max(BEGIN * least, 2 * least - Math.max(...found));
}

function meanOf({ rungs }: Row): number {
  const runs = rungs.reduce((sum, [, , count]) => sum + count, 0);
  return rungs.reduce((sum, [, stepSize, count]) => sum + stepSize * count, 0) / runs;
}

const perRun = ({ rungs, printed }: Row): Tail =>
  probabilityOfMean(
    rungs.map(([, stepSize, count]) => ({ value: stepSize, count })),
    RUNS,
    printed,
  );

/** Printed values have five decimals. */
const ROUNDING = 1e-5;

function tails({ means, printed }: Row): { above: number; below: number } {
  return {
    above: means.filter((mean) => mean >= printed - ROUNDING).length,
    below: means.filter((mean) => mean <= printed + ROUNDING).length,
  };
}

function perCellText(row: Row): string {
  const { above, below } = tails(row);
  const hits = Math.min(above, below);
  const side = above < below ? 'at or above' : 'at or below';
  const share = Math.min(1, (2 * hits) / row.means.length);
  return `${shown(share)}: ${hits} of ${row.means.length} ${side}, ${withInterval(hits, row.means.length)}`;
}

function sigmoidText(row: Row): string {
  const runs = row.rungs.reduce((sum, [, , count]) => sum + count, 0);
  const list = row.rungs
    .map(([rung, stepSize, count]) => `${count} on ${stepSize.toFixed(5)} (k = ${rung})`)
    .join(', ');
  const allSame = row.means.filter((mean) => row.rungs.some(([, stepSize]) => Math.abs(mean - stepSize) < 1e-9)).length;
  const exact = row.means.filter((mean) => Math.abs(mean - row.printed) < ROUNDING).length;
  const chance = row.rungs.reduce((sum, [, , count]) => sum + (count / runs) ** RUNS, 0);
  return `Sigmoid's ${runs} runs of Table 4.1 end: ${list}. The printed 12.58223 is exactly nine runs on k = 486 and one on k = 485, as are ${exact} of the
${row.means.length} data sets. ${allSame} data sets have all ten runs on one rung (${percent(allSame / row.means.length)}; with data of their own, ten runs would in ${percent(chance)}), so the data set decides much of it.`;
}

/** What the eight together say. */
function togetherText(rows: readonly Row[]): string {
  const second = rows.map((row) => perRun(row).twoSided).sort((a, b) => a - b)[1];
  return `Result: with one data set for all ten runs none of the printed values is unlikely. With data for each run two of the ${rows.length} have p <= ${shown(second)}, which
happens by chance in ${percent(atLeast(2, rows.length, second))} of such theses. That speaks for data drawn once for each row.`;
}

const shown = (p: number): string => (p >= 0.1 ? p.toFixed(2) : p.toPrecision(2));
