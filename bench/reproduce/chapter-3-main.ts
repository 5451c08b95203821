/**
 * Every figure and printed claim of chapter 3, of figure 1.2 and of A.1 and A.2, beside our numbers; writes its part of the file that
 * `--markdown` names, and keeps results and figures in the folder of `--out`. `--data-dir` for CIFAR-10; `--only figure-3.1,figure-3.2`
 * leaves the others out.
 */
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { publishedDigest } from '../../dist/shared/mod.js';
import { describeMachine } from '../speed/machine.ts';
import { CIFAR, CLAIMS, LAYERS, SCHEMES, TWIN_CLAIMS, TWINS } from './chapter-3.ts';
import { writePart } from './document.ts';
import { layerList } from './edge-claims.ts';
import { claimsTable, type Done } from './figures.ts';
import { runTrajectories, type Training, type Trainings } from './trajectories.ts';

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'string' },
    out: { type: 'string', default: 'results/chapter-3' },
    'data-dir': { type: 'string' },
    only: { type: 'string' },
  },
});
/** Of networks with 50 units and more a measurement of every layer costs as much as tens of steps. */
const SELDOM = ['figure-3.4', 'figure-A.2', 'figure-A.3'];
const EVERY = 50;
/** Iterations on images: a scheme that measures at each takes seconds for ten of them. */
const IMAGE_ITERATIONS = 500;
const wanted = options.only?.split(',');
const data = options['data-dir'] === undefined ? [] : ['--data-dir', options['data-dir']];
const set = (...settings: string[]) => settings.flatMap((setting) => ['--set', setting]);
const onImages = [...data, ...set(`trajectory.iterations=${IMAGE_ITERATIONS}`)];

const done: Done<Trainings> = new Map();
for (const sweep of [...LAYERS, ...SCHEMES, ...CIFAR, ...TWINS]) {
  if (wanted !== undefined && !wanted.includes(sweep)) {
    done.set(sweep, 'left out of this run');
    continue;
  }
  process.stderr.write(`${new Date().toISOString()} ${sweep}\n`);
  const isImages = CIFAR.includes(sweep) || TWINS.includes(sweep);
  const more = isImages ? onImages : SELDOM.includes(sweep) ? set(`trajectory.every=${EVERY}`) : [];
  done.set(sweep, await runTrajectories(options.out, sweep, more));
}

const { revision, node } = await describeMachine();
const { table, counts } = claimsTable(CLAIMS, done);
const report = `# Reproduction of chapter 3

Made by \`make reproduce-chapter-3\`, revision ${revision}, Node ${node}. One run of each training, as in the thesis, seed 0; sharpness by
Lanczos to a relative residual of 0.001, every 10 iterations, but for ${SELDOM.join(', ')}: every ${EVERY}. The figures' values are not
printed: what can be compared is what the text says of them. Where it says "comparable", "much", "roughly", the numbers that decide are
those in \`bench/reproduce/edge-claims.ts\` and \`scheme-claims.ts\`: a factor of 2, 2, and 25 %; "noticeably different" and a rise are a
factor of 1.25, "significant" is 10 %, and a step size is "too large" when the loss ends a tenth above the best of the others, rising in
more than a quarter of its last steps.

## What the text says

${counts}.

${table}

CIFAR-10 is taken from its published files alone, those of digest ${publishedDigest('cifar10')}; where they are not at
hand, its figures are not done.

## The same on Fashion-MNIST

What the thesis says of CIFAR-10, asked of Fashion-MNIST: 5000 examples, 784 inputs, ${IMAGE_ITERATIONS} iterations. The thesis has no such figures.

${claimsTable(TWIN_CLAIMS, done).table}

## Figures

The plateau is the median of the sharpness over the last fifth of the iterations; the edge is reached at the first of 10 consecutive
measurements within 10 % of 2 / step size.

${[...done].map(([sweep, results]) => figureSection(sweep, results)).join('\n')}`;
process.stdout.write(report);
if (options.markdown !== undefined) writePart(options.markdown, 'chapter-3', report);

function figureSection(sweep: string, results: Trainings | string): string {
  const head = `### ${sweep}`;
  if (typeof results === 'string') return `${head}: **not done**, ${results}\n`;
  const keys = Object.keys(results.trainings[0].at);
  const rows = results.trainings.map((training) => [
    ...keys.map((key) => String(training.at[key])),
    ...numbers(training),
  ]);
  const names = ['edge reached', 'plateau', 'of 2/step size', 'layers', 'last loss', 'cost'];
  return `${head}: ${results.title}\n\n${markdownTable([[...keys, ...names], ...rows])}\n`;
}

function numbers(training: Training): string[] {
  const { edge, plateau, loss, cost, divergence } = training.result;
  const number = (value: number | null | undefined, digits = 4) => (value == null ? '–' : value.toPrecision(digits));
  return [
    edge === null ? '–' : String(edge),
    number(plateau?.sharpness),
    number(plateau?.ofEdge, 3),
    plateau === null ? '–' : layerList(training).replace('layers ', ''),
    divergence === null ? number(loss) : `diverged at ${divergence.iteration}`,
    cost.toFixed(0),
  ];
}
