import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { plateau, runTrajectories, type Training } from '../trajectories.ts';
import type { Explanation } from './explanation.ts';

/** A fifth of the figures' examples, so that a training takes half a minute. */
const EXAMPLES = 1000;
const ITERATIONS = 500;
const SCHEMES = '[{kind: layer 1/lambda, factor: [1, 2]}, {kind: line-search}]';
const POWER = 'trajectory.solver={kind: power, tolerance: 1.0e-3, maxProducts: 100, top: 1}';

const CASES: { activation: string; inputs: string; solver: string; settings: string[] }[] = ['sigmoid', 'tanh'].flatMap(
  (activation) => [
    { activation, inputs: 'pixels / 255', solver: 'Lanczos', settings: [] },
    {
      activation,
      inputs: 'standardized by channel',
      solver: 'Lanczos',
      settings: ['grid.dataset.standardize=channel'],
    },
    { activation, inputs: 'pixels / 255', solver: "PyHessian's power iteration", settings: [POWER] },
  ],
);

/** Last loss by scheme, or the iteration of the divergence. */
type Losses = Record<string, { loss: number } | { diverged: number }>;

/** Whether the thesis's unstated scaling of the images, or its solver, changes the verdicts on layer 1/lambda. */
export const imageScaling: Explanation<Losses[]> = {
  name: 'image-scaling',
  async compute({ out, data }) {
    const all: Losses[] = [];
    for (const [i, { activation, settings }] of CASES.entries()) {
      const sweep = activation === 'sigmoid' ? 'figure-A.6-cifar10' : 'figure-3.8-cifar10';
      const fixed = [
        `grid.scheme=${SCHEMES}`,
        `grid.dataset.examples=${EXAMPLES}`,
        `trajectory.iterations=${ITERATIONS}`,
        'trajectory.every=100',
        'trajectory.layers=false',
      ];
      const words = [...fixed, ...settings].flatMap((setting) => ['--set', setting]);
      if (data !== undefined) words.push('--data-dir', data);
      const results = await runTrajectories(join(out, `image-scaling-${i}`), sweep, words);
      if (typeof results === 'string') throw new Error(results);
      all.push(Object.fromEntries(results.trainings.map((training) => [String(training.at.scheme), endOf(training)])));
    }
    return all;
  },
  text: (all) => `### CIFAR-10: layer 1/lambda with sigmoid, and c = 2

With sigmoid layer 1/lambda is not the best but diverges, and c = 2 makes it better, not much worse. The first layer is driven into saturation, its sharpness
falls to 1e-34, and 1 over it is no step size. The thesis states neither how it scaled the pixels nor what it did where a sharpness is zero or
negative. Tested: the last loss (median of the last fifth) on ${EXAMPLES} examples after ${ITERATIONS} iterations, with pixels / 255 and standardized by channel, and
with the thesis's solver.

${markdownTable([
  ['activation', 'inputs', 'solver', 'layer 1/lambda', 'layer 1/(2 lambda)', 'line search'],
  ...CASES.map(({ activation, inputs, solver }, i) => [
    activation,
    inputs,
    solver,
    ...['layer 1/lambda', 'layer 1/(2 lambda)', 'line search'].map((scheme) => shown(all[i][scheme])),
  ]),
])}
`,
};

function endOf(training: Training): Losses[string] {
  const { divergence } = training.result;
  return divergence === null ? { loss: plateau(training, 'loss') } : { diverged: divergence.iteration };
}

const shown = (end: Losses[string]): string =>
  'loss' in end ? end.loss.toPrecision(3) : `diverged at ${end.diverged}`;
