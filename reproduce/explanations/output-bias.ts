import { markdownTable } from 'markdown-table';
import { mustRun } from '../sweep.ts';
import type { Explanation } from './explanation.ts';

const RUNS = 10;
const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** What is varied: [depth, number of outputs, examples, steps]; the second is the thesis's. */
const CASES: [depth: number, outputs: number, examples: number, steps: number][] = [
  [2, 10, 100, 100],
  [3, 10, 100, 100],
  [5, 10, 100, 100],
  [16, 10, 100, 100],
  [3, 5, 100, 100],
  [3, 20, 100, 100],
  [3, 10, 1000, 100],
  [3, 10, 100, 50],
  [3, 10, 100, 200],
];

type Case = {
  depth: number;
  outputs: number;
  examples: number;
  steps: number;
  measured: { mean: number; min: number; max: number };
};

/** Why sigmoid's step sizes do not depend on depth: the bias of the output decides. */
export const outputBias: Explanation<Case[]> = {
  name: 'output-bias',
  compute: ({ out }) =>
    CASES.map(([depth, outputs, examples, steps]) => {
      const settings = [
        'grid.activation=sigmoid',
        `grid.depth=${depth}`,
        `grid.dataset={kind: synthetic, examples: ${examples}, dimensions: ${outputs}}`,
        'search.initialStepSize=1',
        `search.steps=${steps}`,
      ];
      const [{ cell }] = mustRun(out, 'table-4.1', { runs: RUNS, settings }).entries;
      return { depth, outputs, examples, steps, measured: { mean: cell.mean, min: cell.min, max: cell.max } };
    }),
  text: (cases) => `### Sigmoid: why step sizes level out at 12.5, and cannot be told apart by depth

Once the hidden units say nothing, only the bias b of the output learns: the mean squared error over n examples and d outputs has curvature
2/d there, so b - mean(y) changes by the factor 1 - 2 (step size)/d in each step, and the loss of iteration T overflows when
n sum over outputs of (mean(y) - b)² (2 (step size)/d - 1)^(2 (T-1)) exceeds the largest float32, whatever the depth. With the mean size of what stands
before the power, n d ((d + 1)/n + 1/(3 width)) on synthetic data, that is a formula without a fitted number. Tested: where it puts the maximal
step size, for other depths, outputs, examples and steps, and where ${RUNS} runs of the search end (growth 1.01, begun at 1).

${markdownTable([
  ['matrices', 'outputs', 'examples', 'steps', 'predicted', 'measured mean', 'smallest', 'largest'],
  ...cases.map(({ depth, outputs, examples, steps, measured }) => [
    String(depth),
    String(outputs),
    String(examples),
    String(steps),
    predicted(outputs, examples, steps).toFixed(2),
    measured.mean.toFixed(2),
    measured.min.toFixed(2),
    measured.max.toFixed(2),
  ]),
])}

${resultText(cases)}
`,
};

const WIDTH = 10;

function predicted(outputs: number, examples: number, steps: number): number {
  const first = examples * outputs * ((outputs + 1) / examples + 1 / (3 * WIDTH));
  const factor = (LARGEST_FLOAT32 / first) ** (1 / (2 * (steps - 1)));
  return (outputs / 2) * (1 + factor);
}

function resultText(cases: readonly Case[]): string {
  const off = ({ outputs, examples, steps, measured }: Case) =>
    Math.abs(measured.mean / predicted(outputs, examples, steps) - 1);
  const deep = cases.filter(({ depth }) => depth > 2);
  return `Result: from 3 matrices on the formula is off by ${(100 * Math.max(...deep.map(off))).toFixed(1)} % at most; a rung is 1 %. At 2 matrices the hidden
units still take part, and the step size is smaller. On images d is 10 too, so sigmoid ends on the same rungs at every depth.`;
}
