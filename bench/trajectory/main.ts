/**
 * Times what trajectories are made of, beside PyTorch where it is installed; see `--help`. On standard output the report, progress on
 * standard error; all numbers are kept in bench/results/.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, idleWarning } from '../speed/machine.ts';
import { startPyTorch } from '../speed/pytorch.ts';
import { timeFigure } from './figure.ts';
import { pointsOf } from './points.ts';
import { type Report, render } from './report.ts';
import { timeSharpness } from './sharpness.ts';
import { timeStep } from './step.ts';

const HELP = `node --import tsx bench/trajectory/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build) and an idle machine; takes about five minutes.

  --quick          half a minute, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, markdown: { type: 'string' }, help: { type: 'boolean' } },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const quick = options.quick ?? false;
const effort = quick ? { rounds: 2, secondsPerSample: 0.01 } : { rounds: 11, secondsPerSample: 0.2 };
const starts = quick ? 2 : 20;
/** The start, on the way, and at the edge. */
const iterations = quick ? [1, 21, 41] : [1, 201, 4001];
const wholeFigure = quick
  ? { iterations: 100, samples: 2, steps: 20, rounds: 1 }
  : { iterations: 5000, samples: 10, steps: 200, rounds: 5 };
const say = (text: string) => process.stderr.write(`${text}\n`);

const machine = await describeMachine();
const warning = idleWarning(machine);
if (warning !== undefined) say(warning);
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
  const steps = [];
  for (const activation of ['linear', 'tanh', 'relu', 'sigmoid'] as const) {
    say(`timing steps, ${activation}`);
    steps.push(await timeStep(activation, pytorch, effort));
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
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `trajectory-${report.date.slice(0, 19).replaceAll(':', '-')}-${machine.revision}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  say(`all numbers: ${relative(process.cwd(), file)}`);
  const text = render(report);
  process.stdout.write(text);
  if (options.markdown !== undefined) writeFileSync(options.markdown, `# Speed of trajectories\n\n${text}`);
  if (warning !== undefined) say(warning);
} finally {
  pytorch?.close();
  rmSync(dumps, { recursive: true, force: true });
}
