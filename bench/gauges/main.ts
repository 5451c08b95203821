/**
 * Times what a gauge takes beside a plain measurement of the sharpness, and figures of the thesis as whole commands; see `--help`. On standard
 * output the report, progress on standard error; all numbers are kept in bench/results/.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, startBenchmark } from '../speed/benchmark.ts';
import { pointsOf } from '../trajectory/points.ts';
import { FIGURES, timeFigure } from './figures.ts';
import { PRECONDITIONED_CASES, timePreconditioned } from './preconditioned.ts';
import { type Report, render } from './report.ts';
import { timeShares } from './shares.ts';

const HELP = `node --import tsx bench/gauges/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build) and an idle machine; takes about ten minutes.

  --quick          half a minute, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

const { quick, machine, effort, finish } = await startBenchmark(HELP);
const dumps = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
try {
  const preconditioned = PRECONDITIONED_CASES.map((one) => {
    say(`timing preconditioned sharpness, ${one.label}`);
    return timePreconditioned(quick ? { ...one, iterations: 200 } : one, quick ? 1 : 5);
  });
  const shares = [];
  for (const point of pointsOf('tanh', quick ? [1, 21] : [201, 4001], dumps)) {
    say(`timing gauges, iteration ${point.iteration}`);
    shares.push(await timeShares(point, effort));
  }
  const figures = FIGURES.slice(0, quick ? 1 : undefined).map((figure) => {
    say(`timing figure ${figure}`);
    return timeFigure(figure, quick ? ['--set', 'trajectory.iterations=100'] : []);
  });
  const report: Report = {
    command: quick ? 'node --import tsx bench/gauges/main.ts --quick' : 'make bench-gauges',
    date: new Date().toISOString(),
    machine,
    effort,
    preconditioned,
    shares,
    figures,
  };
  finish(report, { prefix: 'gauges-', heading: 'Cost of gauges', text: render(report) });
} finally {
  rmSync(dumps, { recursive: true, force: true });
}
