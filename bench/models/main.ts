/**
 * Times a gradient and a Hessian product of convolutional networks and transformers, one thread each, beside PyTorch and JAX where they are
 * installed (`make peers`); see `--help`. Processor time, so that other work on the machine disturbs less.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpCommand } from '../../orchestrator/commands/dump.ts';
import { packageRoot } from '../../shared/mod.ts';
import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import { engineOf, startTraining } from '../../worker/mod.ts';
import { say, startBenchmark } from '../speed/benchmark.ts';

const HELP = `node --import tsx bench/models/main.ts [--quick] [--markdown FILE]

Needs the built package and an idle machine; takes two minutes.
`;

const { quick, machine, finish } = await startBenchmark(HELP);
const seconds = quick ? 1 : 3;
const RUNS = 5;

const CASES = [
  { name: 'cnn, width 8, 160 images of 28 x 28', sweep: 'frontier/cnn', set: ['grid.dataset.examples=160'] },
  { name: 'cnn, width 32, 160 images', sweep: 'frontier/cnn', set: ['grid.dataset.examples=160', 'grid.width=32'] },
  { name: 'transformer, width 16, 200 sequences of 15', sweep: 'frontier/transformer', set: [] },
  { name: 'transformer-plain, the same', sweep: 'frontier/transformer', set: ['grid.model=transformer-plain'] },
] as const;

type Times = { gradient: number; product: number };

/** Milliseconds of processor time of a call: the least of several means. */
function best(action: () => void): number {
  action();
  const means = Array.from({ length: RUNS }, () => {
    const used = () => process.cpuUsage().user + process.cpuUsage().system;
    const started = used();
    let times = 0;
    while (times === 0 || used() - started < (1e6 * seconds) / RUNS) {
      action();
      times += 1;
    }
    return (used() - started) / times / 1000;
  });
  return Math.min(...means);
}

function ours(engine: 'native' | 'simd', { sweep, set }: (typeof CASES)[number]): Times {
  const task = expand(loadSweepOf('trajectory', sweep, { flags: { set: [...set, 'trajectory.iterations=2'] } })).task(
    0,
    0,
  );
  const { objective, training } = startTraining(task, engineOf(engine), ['/usr/share/datasets']);
  const [gradient, product] = [new Float32Array(objective.size), new Float32Array(objective.size)];
  const direction = { layer: 'all' as const, vector: new Float32Array(objective.size).fill(1), product };
  return {
    gradient: best(() => objective.evaluate(training.w, gradient)),
    product: best(() => objective.multiply([direction])),
  };
}

/** Undefined where the library is not installed. */
function peer(library: 'pytorch' | 'jax', dump: string): Times | undefined {
  const installed = join(packageRoot(), `.build/peers/${library}/bin/python3`);
  const python = process.env[`EDGESWEEP_BENCH_${library.toUpperCase()}`] ?? installed;
  if (!existsSync(python)) return undefined;
  const script = join(packageRoot(), 'peers/graph_timing.py');
  const { stdout, stderr, status } = spawnSync(python, [script, library, dump, String(seconds)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const folder = mkdtempSync(join(tmpdir(), 'edgesweep-models-'));
try {
  const rows = CASES.map((one, i) => {
    say(`timing ${one.name}`);
    const out = join(folder, String(i));
    const set = [...one.set, 'trajectory.iterations=1', 'trajectory.layers=false'];
    dumpCommand({
      sweep: one.sweep,
      overrides: { flags: { set } },
      cell: 0,
      run: 0,
      iterations: [1],
      out,
      dataDir: '/usr/share/datasets',
    });
    return {
      name: one.name,
      native: ours('native', one),
      simd: ours('simd', one),
      pytorch: peer('pytorch', out),
      jax: peer('jax', out),
    };
  });
  const shown = (times: Times | undefined, what: keyof Times) => times?.[what].toPrecision(3) ?? '–';
  const lines = rows.flatMap((row) =>
    (['gradient', 'product'] as const).map((what) => {
      const peers = [row.pytorch, row.jax].flatMap((times) => (times === undefined ? [] : [times[what]]));
      const ratio = peers.length === 0 ? '–' : (Math.min(...peers) / row.native[what]).toFixed(1);
      const cells = [row.native, row.simd, row.pytorch, row.jax].map((times) => shown(times, what));
      return `| ${row.name} | ${what} | ${cells.join(' | ')} | ${ratio} |`;
    }),
  );
  const text = [
    `Milliseconds of processor time, one thread, float32, full batch; the least of ${RUNS} means. A product is with the whole Hessian. JAX and`,
    'edgesweep compute the point of a product again each time, PyTorch keeps the graph of the gradient. The last column is the best of the peers over',
    `native. Revision ${machine.revision}.`,
    '',
    '| network | | native | simd | PyTorch | JAX | best / native |',
    '| :-- | :-- | --: | --: | --: | --: | --: |',
    ...lines,
    '',
  ].join('\n');
  const report = { date: new Date().toISOString(), machine, rows };
  finish(report, { prefix: 'models-', heading: 'Speed of models that are graphs', text });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
