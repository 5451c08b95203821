/**
 * Times what trajectories are made of, beside PyTorch where it is installed; see `--help`. On standard output the report, progress on
 * standard error; all numbers are kept in bench/results/.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, startBenchmark } from '../speed/benchmark.ts';
import { startPyTorch } from '../speed/pytorch.ts';
import { timeFigure } from './figure.ts';
import { pointsOf, WIDE } from './points.ts';
import { type Report, render } from './report.ts';
import { timeSharpness } from './sharpness.ts';
import { timeStep } from './step.ts';

const HELP = `node --import tsx bench/trajectory/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build) and an idle machine; takes about five minutes.

  --quick          half a minute, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

const { quick, machine, effort, finish } = await startBenchmark(HELP);
const starts = quick ? 2 : 20;
/** With 3072 inputs, where a measurement takes up to a second. */
const WIDE_STARTS = 3;
/** The start, on the way, and at the edge. */
const iterations = quick ? [1, 21, 41] : [1, 201, 4001];
const wholeFigure = quick
  ? { iterations: 100, samples: 2, steps: 20, rounds: 1 }
  : { iterations: 5000, samples: 10, steps: 200, rounds: 5 };
const pytorch = await startPyTorch();
const dumps = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
try {
  const points = [];
  for (const activation of ['tanh', 'relu'] as const) {
    for (const point of pointsOf(activation, iterations, join(dumps, 'points'))) {
      say(`timing sharpness, ${activation}, iteration ${point.iteration}`);
      points.push(await timeSharpness(point, pytorch, effort, starts));
    }
  }
  for (const point of pointsOf('tanh', [1, 11], join(dumps, 'wide'), WIDE)) {
    say(`timing sharpness, tanh, ${point.inputs} inputs, iteration ${point.iteration}`);
    points.push(await timeSharpness(point, pytorch, effort, Math.min(starts, WIDE_STARTS)));
  }
  const steps = [];
  for (const activation of ['linear', 'tanh', 'relu', 'sigmoid'] as const) {
    say(`timing steps, ${activation}`);
    steps.push(await timeStep(activation, pytorch, effort));
  }
  for (const activation of ['tanh', 'relu'] as const) {
    say(`timing steps, ${activation}, as many inputs as CIFAR-10`);
    steps.push(await timeStep(activation, pytorch, effort, WIDE));
  }
  say('timing the figure');
  const figure = await timeFigure(pytorch, join(dumps, 'figure'), wholeFigure);
  const report: Report = {
    command: quick ? 'node --import tsx bench/trajectory/main.ts --quick' : 'make bench-trajectory',
    date: new Date().toISOString(),
    machine,
    torch: pytorch?.version ?? null,
    effort,
    starts,
    points,
    steps,
    figure,
  };
  finish(report, { prefix: 'trajectory-', heading: 'Speed of trajectories', text: render(report) });
} finally {
  pytorch?.close();
  rmSync(dumps, { recursive: true, force: true });
}
