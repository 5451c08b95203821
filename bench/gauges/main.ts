/**
 * Times what a gauge takes beside a plain measurement of the sharpness, and figures of the thesis as whole commands; see `--help`. On standard
 * output the report, progress on standard error; all numbers are kept in bench/results/.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, startBenchmark } from '../speed/benchmark.ts';
import { timeCommands } from '../speed/commands.ts';
import { pointsOf } from '../trajectory/points.ts';
import { PRECONDITIONED_CASES, timePreconditioned } from './preconditioned.ts';
import { type Report, render } from './report.ts';
import { timeShares } from './shares.ts';

const HELP = `node --import tsx bench/gauges/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build) and an idle machine; takes about six minutes.

  --quick          half a minute, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

/** With 5,000 examples, 5,000 iterations and width 10, whatever the depth, on synthetic data. */
const FIGURES = ['3.1', '3.2', '3.5', '3.6', '3.7', '3.8', '3.9', 'A.1', 'A.4', 'A.5', 'A.6', 'A.7'];
/** Seconds. */
const AIM = 60;

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
  say('timing figures');
  const figures = await timeCommands(
    FIGURES.slice(0, quick ? 1 : undefined).map((figure) => ({
      words: [`figure-${figure}`, '--threads', '2', ...(quick ? ['--set', 'trajectory.iterations=100'] : [])],
      aim: AIM,
    })),
    quick ? 1 : 3,
  );
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
