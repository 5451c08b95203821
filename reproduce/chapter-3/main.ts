/**
 * Every figure and printed claim of chapter 3, of figure 1.2 and of A.1 and A.2, beside our numbers; writes three parts of the file that
 * `--markdown` names, on synthetic data, CIFAR-10 and Fashion-MNIST, or one (`--part cifar10`); keeps results and figures in the folder of
 * `--out`, so that a second call computes only what is missing. `--data-dir` for CIFAR-10; `--only figure-3.1,figure-3.2` leaves the others out.
 */
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { describeMachine } from '../../bench/speed/machine.ts';
import { publishedDigest } from '../../dist/shared/mod.js';
import { claimsTable, type Done } from '../chapter-4/figures.ts';
import { type Part, writePart } from '../document.ts';
import { CIFAR, CIFAR_CLAIMS, CLAIMS, LAYERS, SCHEMES, TWIN_CLAIMS, TWINS } from './claims.ts';
import { layerList } from './edge-claims.ts';
import { firstPart, runTrajectories, type Training, type Trainings } from './trajectories.ts';

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'string' },
    out: { type: 'string', default: 'results/chapter-3' },
    'data-dir': { type: 'string' },
    part: { type: 'string' },
    only: { type: 'string' },
  },
});
const isWanted = (part: Part): boolean => options.part === undefined || options.part === part;
/** Of networks with 50 units and more, and of many inputs, a measurement of every layer costs as much as tens of steps. */
const SELDOM = ['figure-3.4', 'figure-A.2', 'figure-A.3', 'figure-3.7-cifar10'];
const EVERY = 50;
/** Iterations on Fashion-MNIST. */
const TWIN_ITERATIONS = 500;
/** Iterations on CIFAR-10, where the thesis has 5000: one with a 1/lambda for each layer costs as much as thirty steps. */
const CIFAR_ITERATIONS = new Map([
  ['figure-3.7-cifar10', 1000],
  ['figure-3.8-cifar10', 1000],
  ['figure-3.9-cifar10', 1000],
  ['figure-A.6-cifar10', 500],
  ['figure-A.7-cifar10', 500],
]);
const COLUMNS_NOTE = `The plateau is the median of the sharpness over the last fifth of the iterations; the edge is reached at the first of 10 consecutive
measurements within 10 % of 2 / step size.`;
const wanted = options.only?.split(',');
const data = options['data-dir'] === undefined ? [] : ['--data-dir', options['data-dir']];
const set = (...settings: string[]) => settings.flatMap((setting) => ['--set', setting]);

const done: Done<Trainings> = new Map();
const sweeps = [
  ...(isWanted('synthetic') ? [...LAYERS, ...SCHEMES] : []),
  ...(isWanted('cifar10') ? CIFAR : []),
  ...(isWanted('fashion-mnist') ? TWINS : []),
];
for (const sweep of sweeps) {
  if (wanted !== undefined && !wanted.includes(sweep)) {
    done.set(sweep, 'left out of this run');
    continue;
  }
  process.stderr.write(`${new Date().toISOString()} ${sweep}\n`);
  done.set(sweep, await runTrajectories(options.out, sweep, settingsOf(sweep)));
}

/** What is set otherwise than in the sweep's file. */
function settingsOf(sweep: string): string[] {
  const iterations = TWINS.includes(sweep) ? TWIN_ITERATIONS : CIFAR_ITERATIONS.get(sweep);
  return [
    ...(iterations === undefined ? [] : [...data, ...set(`trajectory.iterations=${iterations}`)]),
    ...(SELDOM.includes(sweep) ? set(`trajectory.every=${EVERY}`) : []),
  ];
}

const { revision, node } = await describeMachine();
const made = `Made by \`make reproduce-chapter-3\`, revision ${revision}, Node ${node}.`;
const figures = (sweeps: readonly string[]) => sweeps.map((sweep) => figureSection(sweep, done.get(sweep)!)).join('\n');
if (isWanted('synthetic')) {
  const { table, counts } = claimsTable(CLAIMS, done);
  write(
    'chapter-3',
    `# Reproduction of chapter 3

${made} One run of each training, as in the thesis, seed 0; sharpness by
Lanczos to a relative residual of 0.001, every 10 iterations, except for ${SELDOM.join(', ')}: every ${EVERY}. The thesis does
not print the values of its figures: the claims are those of its text. Where it says "comparable", "much", "roughly", the numbers that decide are
those in \`reproduce/chapter-3/edge-claims.ts\` and \`scheme-claims.ts\`: a factor of 2, 2, and 25 %; "noticeably different" and a rise are a
factor of 1.25, "significant" is 10 %, and a step size is "too large" when the loss ends a tenth above the best of the others, rising in
more than a quarter of its last steps.

## What the text says

${counts}.

${table}

## Figures

${COLUMNS_NOTE}

${figures([...LAYERS, ...SCHEMES])}`,
  );
}
if (isWanted('cifar10')) {
  const { table, counts } = claimsTable(CIFAR_CLAIMS, done);
  write(
    'chapter-3-cifar10',
    `# Reproduction of chapter 3: CIFAR-10

${made} The rules are those of chapter 3 on synthetic data. CIFAR-10 comes from its published files, with the
digest ${publishedDigest('cifar10')}; without them, its figures are left out. Its
5000 examples of 3072 inputs are the first of the training set. Iterations, where the thesis has 5000:
${[...CIFAR_ITERATIONS].map(([sweep, iterations]) => `${sweep} ${iterations}`).join(', ')}.

## What the text says

${counts}.

${table}

Whether a verdict depends on the number of iterations, judged by the first part of the same trainings:

${horizonsTable()}

## Figures

${COLUMNS_NOTE}

${figures(CIFAR)}`,
  );
}
if (isWanted('fashion-mnist')) {
  write(
    'chapter-3-fashion-mnist',
    `# Reproduction of chapter 3: the same on Fashion-MNIST

${made} What the thesis says about CIFAR-10, tested on Fashion-MNIST: 5000 examples, 784 inputs, ${TWIN_ITERATIONS} iterations. The thesis has no such figures.

${claimsTable(TWIN_CLAIMS, done).table}

## Figures

${COLUMNS_NOTE}

${figures(TWINS)}`,
  );
}

function write(name: string, text: string): void {
  process.stdout.write(`${text}\n`);
  if (options.markdown !== undefined) writePart(options.markdown, name, text);
}

/** What the first part of the trainings on CIFAR-10 says already. */
function horizonsTable(): string {
  const shares = [0.25, 0.5, 1];
  const rows = CIFAR_CLAIMS.map(({ text, sweeps, judge }) => {
    const results = sweeps.map((sweep) => done.get(sweep));
    if (results.some((result) => result === undefined || typeof result === 'string')) return [text, 'not done'];
    const parts = shares.map((share) => judge(...results.map((result) => firstPart(result as Trainings, share))));
    return [text, ...parts.map(({ verdict, numbers }) => `${verdict}: ${numbers}`)];
  });
  return markdownTable([['claim', 'first quarter', 'first half', 'all'], ...rows]);
}

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
