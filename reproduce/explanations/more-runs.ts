import { markdownTable } from 'markdown-table';
import { isBelow, type Judgement, rises } from '../claims.ts';
import { mustRun, type Results } from '../sweep.ts';
import type { Explanation } from './explanation.ts';

const RUNS = 200;

type Question = {
  claim: string;
  sweeps: [string, ...string[]];
  settings: string[];
  judge: (...results: Results[]) => Judgement;
};

const QUESTIONS: Question[] = [
  ...['tanh', 'relu'].map((activation) => ({
    claim: `${activation}, batch size 1: at 16 layers larger step sizes are possible again (than at 8)`,
    sweeps: ['figure-4.5'] as [string],
    settings: [`grid.activation=${activation}`, 'grid.depth=8,16'],
    judge: (results: Results) => rises(results, activation, 8, 16),
  })),
  ...[5, 8].map((depth) => ({
    claim: `relu, depth ${depth}: smaller with batch size 1 than with full batch`,
    sweeps: ['figure-4.5', 'figure-4.2'] as [string, string],
    settings: ['grid.activation=relu', `grid.depth=${depth}`],
    judge: (single: Results, full: Results) => isBelow(single, full, 'relu'),
  })),
  ...['relu', 'sigmoid'].map((activation) => ({
    claim: `${activation}, width 1: smaller with batch size 1 than with full batch`,
    sweeps: ['figure-4.6', 'figure-4.3'] as [string, string],
    settings: [`grid.activation=${activation}`, 'grid.width=1'],
    judge: (single: Results, full: Results) => isBelow(single, full, activation),
  })),
];

type Answer = { claim: string; means: string; verdict: string };

/** What ten runs cannot tell, with twenty times as many. */
export const moreRuns: Explanation<Answer[]> = {
  name: 'more-runs',
  compute: ({ out }) =>
    QUESTIONS.map(({ claim, sweeps, settings, judge }) => {
      process.stderr.write(`  ${claim}\n`);
      const results = sweeps.map((sweep) => mustRun(out, sweep, { runs: RUNS, settings }));
      const means = results.map(({ entries }) =>
        entries.map(({ cell: { mean, se } }) => `${mean.toPrecision(4)} ± ${se.toPrecision(2)}`).join(', '),
      );
      return { claim, means: means.join(' against '), verdict: judge(...results).verdict };
    }),
  text: (answers) => `### What ten runs cannot tell: ${RUNS} runs

Tested: the cells on which a claim of chapter 4 hangs, with ${RUNS} runs instead of ten (mean ± standard error) and the same rule, two standard errors.

${markdownTable([
  ['claim', 'means', 'verdict'],
  ...answers.map(({ claim, means, verdict }) => [claim, means, verdict]),
])}
`,
};
