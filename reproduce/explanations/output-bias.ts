import { markdownTable } from 'markdown-table';
import { mustRun } from '../sweep.ts';
import type { Explanation } from './explanation.ts';

const RUNS = 10;
const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

type Case = {
  activation: 'sigmoid' | 'tanh';
  depth: number;
  width: number;
  outputs: number;
  examples: number;
  steps: number;
};
const FULL: Case = { activation: 'sigmoid', depth: 3, width: 10, outputs: 10, examples: 100, steps: 100 };
const SINGLE: Case = { ...FULL, activation: 'tanh', depth: 16 };
/** Full batch with sigmoid, and batch size 1 with tanh. */
const CASES: Case[] = [
  ...[2, 3, 5, 16].map((depth) => ({ ...FULL, depth })),
  ...[5, 20].map((outputs) => ({ ...FULL, outputs })),
  { ...FULL, examples: 1000 },
  ...[50, 200].map((steps) => ({ ...FULL, steps })),
  { ...SINGLE, depth: 8 },
  SINGLE,
  ...[5, 20].map((width) => ({ ...SINGLE, width })),
  ...[50, 200].map((steps) => ({ ...SINGLE, steps })),
];

type Measured = { mean: number; min: number; max: number };

/** Why step sizes do not depend on depth where the hidden units say nothing: the output layer decides alone. */
export const outputBias: Explanation<Measured[]> = {
  name: 'output-bias',
  compute: ({ out }) =>
    CASES.map((one) => {
      const { activation, depth, width, outputs, examples, steps } = one;
      const settings = [
        `grid.activation=${activation}`,
        `grid.depth=${depth}`,
        ...(width === FULL.width ? [] : [`grid.width=${width}`]),
        `grid.dataset={kind: synthetic, examples: ${examples}, dimensions: ${outputs}}`,
        `search.initialStepSize=${isSingle(one) ? 0.2 : 1}`,
        `search.steps=${steps}`,
      ];
      const sweep = isSingle(one) ? 'table-4.2' : 'table-4.1';
      const [{ cell }] = mustRun(out, sweep, { runs: RUNS, settings }).entries;
      return { mean: cell.mean, min: cell.min, max: cell.max };
    }),
  text: (measured) => `### Step sizes that do not depend on depth: sigmoid, and tanh with batch size 1

Sigmoid's step sizes on CIFAR-10 and on Fashion-MNIST level out near 12.5, and tanh's with batch size 1 are the same at 8 and 16 matrices, 1.18.
Once the hidden units h say nothing of the input, only the output layer learns, and the mean squared error over d outputs has curvature
(2/d)(1 + |h|²) there, |h|² being 0 where sigmoid is off and the width where tanh is saturated. The error of the output changes by the factor
1 - (step size)(2/d)(1 + |h|²) in each step, and the loss of iteration T overflows when its sum of squares, s at the start, makes
s (that factor)^(2 (T-1)) larger than the largest float32, whatever the depth. On synthetic data s is n d ((d + 1)/n + 1/(3 width)) for n examples in one
batch, d ((d + 1) + 1/(3 width)) for one: a formula without a fitted number. Tested: where it puts the maximal step size, for other depths, widths,
outputs, examples and steps, and where ${RUNS} runs of the search end.

${markdownTable([
  [
    'activation, batch',
    'matrices',
    'width',
    'outputs',
    'examples',
    'steps',
    'predicted',
    'measured mean',
    'smallest',
    'largest',
  ],
  ...CASES.map((one, i) => [
    isSingle(one) ? 'tanh, 1' : 'sigmoid, full',
    ...[one.depth, one.width, one.outputs, one.examples, one.steps].map(String),
    ...[predicted(one), measured[i].mean, measured[i].min, measured[i].max].map((value) => value.toPrecision(4)),
  ]),
])}

${resultText(measured)}
`,
};

const isSingle = ({ activation }: Case): boolean => activation === 'tanh';

function predicted(one: Case): number {
  const { width, outputs, examples, steps } = one;
  const first = isSingle(one)
    ? outputs * (outputs + 1 + 1 / (3 * width))
    : examples * outputs * ((outputs + 1) / examples + 1 / (3 * width));
  const factor = (LARGEST_FLOAT32 / first) ** (1 / (2 * (steps - 1)));
  return ((outputs / 2) * (1 + factor)) / (isSingle(one) ? 1 + width : 1);
}

function resultText(measured: readonly Measured[]): string {
  const off = CASES.map((one, i) => ({ one, by: 100 * Math.abs(measured[i].mean / predicted(one) - 1) }));
  const most = (those: (one: Case) => boolean) =>
    Math.max(...off.filter(({ one }) => those(one)).map(({ by }) => by)).toFixed(1);
  return `Result: the formula is off by ${most((one) => !isSingle(one) && one.depth > 2)} % at most for sigmoid from 3 matrices on, and by ${most(isSingle)} % for tanh; a rung is 1 %. At 2 matrices sigmoid's
hidden units still take part. Figure A.8 has both: sigmoid from 3 matrices on, and tanh at 2, whose ten runs end on one rung, 1.1631; the formula
with s = n d (0.1² + 1/(3 width)) for one-hot targets gives ${imagePrediction(0).toFixed(2)} and ${imagePrediction(10).toFixed(3)}.`;
}

/** Of 100 images, one-hot targets of ten classes. */
function imagePrediction(squares: number): number {
  const first = 100 * 10 * (0.01 + 1 / 30);
  return (5 * (1 + (LARGEST_FLOAT32 / first) ** (1 / 198))) / (1 + squares);
}
