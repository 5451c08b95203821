import { markdownTable } from 'markdown-table';
import { mustRun } from '../sweep.ts';

const SEEDS = [0, 1, 2, 3, 4];
const MANY_RUNS = 200;

const fixed = (value: number, digits: number) => value.toFixed(digits);
const signed = (value: number) => `${value > 0 ? '+' : ''}${value.toFixed(2)}`;

/** A table over several seeds and over many runs, beside the printed values. */
export function tableSection(folder: string, sweep: string, title: string): string {
  const bySeed = SEEDS.map((seed) => mustRun(folder, sweep, { seed, runs: 10 }).entries);
  const many = mustRun(folder, sweep, { runs: MANY_RUNS }).entries;
  const rows = many.map(({ row, paper, cell: { mean, sd, se } }, i) => {
    if (paper === null) throw new Error(`no printed value for ${row}`);
    // ten runs of the paper's against our many: their spread is taken to be ours
    const apart = (mean - paper) / (sd * Math.sqrt(1 / MANY_RUNS + 1 / 10));
    return [
      String(row),
      fixed(paper, 5),
      ...bySeed.map((entries) => `${fixed(entries[i].cell.mean, 5)} (${signed(entries[i].difference ?? Number.NaN)})`),
      `${fixed(mean, 5)} ± ${fixed(se, 5)}`,
      signed(apart),
      Math.abs(apart) <= 3 ? 'holds' : 'does not',
    ];
  });
  const head = [
    'activation',
    'paper',
    ...SEEDS.map((seed) => `seed ${seed}`),
    `${MANY_RUNS} runs`,
    'apart',
    'within 3',
  ];
  return `## ${title}\n\n\`sweeps/${sweep}.yaml\`\n\n${markdownTable([head, ...rows])}\n`;
}

export const TABLES_INTRODUCTION = `Ten runs a cell as in the thesis, for five seeds: mean, and in brackets its distance from the printed value in standard errors (ours and
the paper's together, our standard deviation taken for both). Then ${MANY_RUNS} runs, mean ± standard error, and how far the printed value is
apart in standard errors of its own ten runs and ours.`;

/** Why a sample of the sigmoid row may lie far from the printed value. */
export function sigmoidSection(folder: string): string {
  const settings = ['data.draw=per-cell', 'grid.activation=sigmoid', 'table.paper={sigmoid: 12.58223}'];
  const shared = SEEDS.map((seed) => mustRun(folder, 'table-4.1', { seed, runs: 10, settings }).entries[0]);
  return `## The sigmoid row of Table 4.1

Its runs end on one of two neighbouring rungs, 12.46999 (k = 485) and 12.59470 (k = 486): the loss overflows at iteration 100 or just
does not. The printed mean, 12.58223, is exactly nine runs on the upper and one on the lower. With data drawn anew for each run, as
here, about half of the runs end on each, and ten of them may well be eight to two, as those of seed 0 are; the standard deviation of
such a sample understates the spread, and no number of standard errors says how likely the printed value is: the counts under "Explanations"
do. With one data set for all runs (\`data: {draw: per-cell}\`), which the thesis leaves open, the rung follows the data set:

${markdownTable([
  ['', ...SEEDS.map((seed) => `seed ${seed}`)],
  ['mean', ...shared.map(({ cell }) => fixed(cell.mean, 5))],
  ['apart', ...shared.map(({ difference }) => signed(difference ?? Number.NaN))],
])}
`;
}
