/**
 * Times simd and native beside the strongest peers; see `--help`. On standard output the report, progress on standard error; all numbers are
 * kept in bench/results/.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '../../dist/shared/mod.js';
import { resolveEngine } from '../../dist/worker/mod.js';
import { say, startBenchmark } from '../speed/benchmark.ts';
import { checkPeers } from './check.ts';
import { timeFigure } from './figure.ts';
import { measurePeak } from './peak.ts';
import { type Peer, startPeers } from './process.ts';
import { type Library, type Report, render } from './report.ts';
import { ROWS } from './rows.ts';
import { timeSharpness } from './sharpness.ts';
import { type Effort, timeRow } from './trainings.ts';

const HELP = `node --import tsx bench/peers/main.ts [--quick] [--markdown FILE]

Needs the built package (npm run build), the peers (make peers) and an idle machine; takes about twelve minutes.

  --quick          two minutes, to see that everything works; the numbers mean little
  --markdown FILE  also writes the report to FILE
`;

const { quick, machine, finish } = await startBenchmark(HELP);
const effort: Effort = quick
  ? { rounds: 1, seconds: 1, secondsPerSample: 0.01, tuning: { sample: 0.01, whole: 0.5 } }
  : { rounds: 9, seconds: 18, secondsPerSample: 0.15, tuning: { sample: 0.05, whole: 5 } };
/** m x k times k x n: large, and a layer of width 10 with 5,000 examples. */
const PRODUCTS = { '512 x 512 x 512': [512, 512, 512], '5000 x 10 x 10': [5000, 10, 10] };

const started = performance.now();
const progress = (text: string): void => say(`${Math.round((performance.now() - started) / 1000)} s: ${text}`);

async function describe({ version, blas, removed, ask }: Peer): Promise<Library> {
  const products: Record<string, number> = {};
  for (const [name, [m, k, n]] of Object.entries(PRODUCTS)) {
    const request = { kind: 'product', m, k, n, seconds: quick ? 0.05 : 0.5 };
    products[name] = (await ask<{ gigaflops: number }>(request)).gigaflops;
  }
  return { version, blas, removed, products };
}

const engines: EngineName[] = resolveEngine('auto') === 'native' ? ['native', 'simd'] : ['simd'];
progress('measuring the peak');
const peaks = Object.fromEntries(measurePeak());
progress('starting the peers');
const peers = await startPeers();
const dumps = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
try {
  const libraries: Library[] = [];
  for (const peer of peers) libraries.push(await describe(peer));
  progress('checking the losses');
  const checks = quick ? [] : await checkPeers(peers);
  const rows: Report['rows'] = [];
  for (const row of ROWS) {
    progress(`timing ${row.label}`);
    rows.push({ row, timing: await timeRow(row, engines, peers, effort) });
  }
  progress('timing sharpness');
  const iterations = quick ? [41] : [201, 4001];
  const sharpness = await timeSharpness(['tanh', 'relu'], iterations, engines, peers, dumps, effort);
  progress('timing the figure');
  const figure = await timeFigure(engines, peers, dumps, { ...effort, rounds: quick ? 1 : 5, seconds: 40 });
  progress('done');
  const report: Report = {
    command: quick ? 'node --import tsx bench/peers/main.ts --quick' : 'make bench-peers',
    date: new Date().toISOString(),
    machine,
    libraries,
    peaks,
    checks,
    rows,
    sharpness,
    figure,
  };
  finish(report, { prefix: 'peers-', heading: 'Beside the strongest peers', text: render(report) });
} finally {
  for (const { close } of peers) close();
  rmSync(dumps, { recursive: true, force: true });
}
