import { markdownTable } from 'markdown-table';
import type { SearchCell } from '../../dist/shared/mod.js';
import { ladder, problemOf } from '../../dist/worker/mod.js';
import { mustRun, series } from '../sweep.ts';
import { percent, withInterval } from './binomial.ts';
import type { Explanation } from './explanation.ts';
import { type Problem, type Trial, trainAll } from './trials.ts';

const DEPTHS = [2, 3, 4];
const DATA_SETS = 50;
/** initialisations of each data set at each rung */
const EACH = 8;
/** After so many rungs in a row on which every training of a data set diverged, its ladder ends. */
const CERTAIN = 10;
const SHOWN = [0.75, 1, 1.5, 2, 2.5, 3, 4, 6, 8];
const RUNS = 200;
const SEED = 1;

type Rung = { stepSize: number; trained: number; diverged: number; dead: number };
type Law = { marginal: number; byData: number };
type Numbers = { depth: number; rungs: Rung[]; law: Law; measured: { mean: number; se: number } }[];

const cellOf = (depth: number, batchSize: SearchCell['batchSize']): SearchCell => ({
  activation: 'relu',
  depth,
  width: 10,
  dataset: { kind: 'synthetic', examples: 100, dimensions: 10, outputs: 10 },
  batchSize,
  initialization: 'pytorch-default',
  data: { draw: 'per-run' },
  search: { initialStepSize: batchSize === 'full' ? 0.1 : 0.01, growth: 1.01, steps: 100, ceiling: 13 },
});

/** ReLU is not monotone in depth: the probability of divergence, step size by step size, and what the search makes of it. */
export const reluDepth: Explanation<Numbers> = {
  name: 'relu-depth',
  compute({ out }) {
    const settings = ['grid.activation=relu', `grid.depth=${DEPTHS.join(',')}`];
    const measured = series(mustRun(out, 'figure-4.2', { runs: RUNS, settings }), 'relu');
    return DEPTHS.map((depth, i) => ({ depth, ...survival(depth, 'full'), measured: measured[i].cell }));
  },
  text: (numbers) => `### ReLU: why 2, 3 and 4 matrices do not give smaller and smaller step sizes

The claims "relu: with more layers, up to 8, smaller step sizes" do not hold. A search tries one fresh network on each rung, so its end
is the first passage of the probability of divergence P(step size), not a threshold. Tested: P on every rung of the ladder, ${DATA_SETS} data sets
with ${EACH} initialisations each, full batch; in brackets Wilson's 95 % intervals, rungs within 2 % of the step size together.

${markdownTable([
  ['step size', ...numbers.map(({ depth }) => `P, ${depth} matrices`)],
  ...SHOWN.map((stepSize) => [String(stepSize), ...numbers.map(({ rungs }) => around(rungs, stepSize))]),
])}

From there the law of the first passage, Pr(end at rung k) = P_k (1 - P_0) ... (1 - P_(k-1)), predicts the mean of the search; with one P for all
data sets, and with a P for each data set and then the mean over these. Measured: ${RUNS} runs of the search itself, other data and networks.
"Apart" is the second prediction less what is measured, in standard errors of both.

${lawTable(numbers)}

Result: with 2 matrices divergence is certain from 2.5 on; with 3 and 4 it is not even at 8, and the mean says how soon a rare one comes.

Why a larger step size is survived at all: the networks that do not diverge have died. Of the trainings at a step size of 2.9 to
3.1 that did not diverge, the share whose last loss is at best 1 % below that of the best constant output:
${numbers.map(({ depth, rungs }) => `${depth} matrices ${deadShare(rungs)}`).join(', ')}.
`,
};

const SINGLE_DEPTHS = [2, 3, 4, 5, 8];
const SINGLE_SHOWN = [0.1, 0.15, 0.2, 0.3, 0.5, 1, 2];

/** The same with batch size 1, where step sizes rise with depth. */
export const reluDepthSingle: Explanation<Numbers> = {
  name: 'relu-depth-single',
  compute({ out }) {
    const settings = ['grid.activation=relu', `grid.depth=${SINGLE_DEPTHS.join(',')}`];
    const measured = series(mustRun(out, 'figure-4.5', { runs: RUNS, settings }), 'relu');
    return SINGLE_DEPTHS.map((depth, i) => ({ depth, ...survival(depth, 1), measured: measured[i].cell }));
  },
  text: (numbers) => `### ReLU with batch size 1: why step sizes rise with depth

Tested in the same way, with batch size 1. P falls with depth at every step size from 0.15 on, and the law of the first passage gives the means of the search:
so at a given step size, a deeper network diverges less often. That the survivors are dead, as with full batch, was not tested here.

${markdownTable([
  ['step size', ...numbers.map(({ depth }) => `P, ${depth} matrices`)],
  ...SINGLE_SHOWN.map((stepSize) => [String(stepSize), ...numbers.map(({ rungs }) => around(rungs, stepSize))]),
])}

${lawTable(numbers)}
`,
};

/** The standard error of a prediction by data set is at most that of as many runs, one a data set. */
const lawTable = (numbers: Numbers): string =>
  markdownTable([
    ['matrices', 'predicted, one P', 'predicted, P by data set', 'measured ± standard error', 'apart'],
    ...numbers.map(({ depth, law, measured: { mean, se } }) => [
      String(depth),
      law.marginal.toFixed(3),
      law.byData.toFixed(3),
      `${mean.toFixed(3)} ± ${se.toFixed(3)}`,
      `${((law.byData - mean) / Math.hypot(se, se * Math.sqrt(RUNS / DATA_SETS))).toFixed(1)} se`,
    ]),
  ]);

function survival(depth: number, batchSize: SearchCell['batchSize']): { rungs: Rung[]; law: Law } {
  const cell = cellOf(depth, batchSize);
  const trials = [...ladder(cell.search, SEED, 0)];
  const rungs: Rung[] = trials.map(({ stepSize }) => ({ stepSize, trained: 0, diverged: 0, dead: 0 }));
  const laws: number[] = [];
  for (let run = 0; run < DATA_SETS; run++) {
    const problem = problemOf(cell, SEED, run);
    const worst = 0.99 * constantLoss(problem);
    const shares: number[] = [];
    let certain = 0;
    for (const { rung, stepSize } of trials) {
      if (certain === CERTAIN) {
        rungs[rung].trained += EACH;
        rungs[rung].diverged += EACH;
        shares.push(1);
        continue;
      }
      // other seeds draw other networks; the data are those of SEED
      const trainings = trainAll(
        problem,
        Array.from({ length: EACH }, (_, i): Trial => ({ seed: SEED + i, run, rung, stepSize })),
      );
      const survived = trainings.filter(({ divergence }) => divergence === null);
      rungs[rung].trained += EACH;
      rungs[rung].diverged += EACH - survived.length;
      rungs[rung].dead += survived.filter(({ losses }) => losses[losses.length - 1] > worst).length;
      certain = survived.length === 0 ? certain + 1 : 0;
      shares.push(1 - survived.length / EACH);
    }
    laws.push(firstPassage(trials, shares));
  }
  const marginal = firstPassage(
    trials,
    rungs.map(({ trained, diverged }) => diverged / trained),
  );
  return { rungs, law: { marginal, byData: laws.reduce((sum, law) => sum + law, 0) / laws.length } };
}

/** Mean step size at which a ladder ends whose rungs diverge with these probabilities, the estimates being independent. */
function firstPassage(trials: readonly Trial[], shares: readonly number[]): number {
  let alive = 1;
  let mean = 0;
  for (const [k, share] of shares.entries()) {
    mean += trials[k].stepSize * share * alive;
    alive *= 1 - share;
  }
  return mean + alive * trials[trials.length - 1].stepSize;
}

/** Loss of the constant output that is best: the variance of the targets. */
function constantLoss({ examples: { y, count, outputs } }: Problem): number {
  let sum = 0;
  for (let o = 0; o < outputs; o++) {
    const column = Array.from({ length: count }, (_, e) => y[e * outputs + o]);
    const mean = column.reduce((total, value) => total + value, 0) / count;
    for (const value of column) sum += (value - mean) ** 2;
  }
  return sum / (count * outputs);
}

const near = (rungs: readonly Rung[], stepSize: number, within: number): Rung[] =>
  rungs.filter((rung) => Math.abs(rung.stepSize / stepSize - 1) <= within);

const total = (rungs: readonly Rung[], key: 'trained' | 'diverged' | 'dead'): number =>
  rungs.reduce((sum, rung) => sum + rung[key], 0);

function around(rungs: readonly Rung[], stepSize: number): string {
  const those = near(rungs, stepSize, 0.02);
  return withInterval(total(those, 'diverged'), total(those, 'trained'));
}

function deadShare(rungs: readonly Rung[]): string {
  const those = near(rungs, 3, 0.034);
  const survivors = total(those, 'trained') - total(those, 'diverged');
  return survivors === 0 ? 'none left' : `${percent(total(those, 'dead') / survivors)} of ${survivors}`;
}
