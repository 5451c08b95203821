/**
 * Times a gradient and a Hessian product of convolutional networks and transformers, and whole trainings of a search, one thread each, beside PyTorch
 * and JAX where they are installed (`make peers`); see `--help`. Processor time, so that other work on the machine disturbs less.
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
import { TRAININGS, timeTraining, trainingLines } from './trainings.ts';

const HELP = `node --import tsx bench/models/main.ts [--quick] [--markdown FILE]

Needs the built package and an idle machine; takes under five minutes. With EDGESWEEP_BENCH_COMPILE=1 it also times
torch.compile, which takes minutes more.
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

const DATA = ['/usr/share/datasets'];

type Times = { gradient: number; product: number };

/** Milliseconds of processor time of a call: the least of several means, which take so many seconds together. */
function best(action: () => void, limit = seconds): number {
  action();
  const means = Array.from({ length: RUNS }, () => {
    const used = () => process.cpuUsage().user + process.cpuUsage().system;
    const started = used();
    let times = 0;
    while (times === 0 || used() - started < (1e6 * limit) / RUNS) {
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
  const { objective, training } = startTraining(task, engineOf(engine), DATA);
  const [gradient, product] = [new Float32Array(objective.size), new Float32Array(objective.size)];
  const direction = { layer: 'all' as const, vector: new Float32Array(objective.size).fill(1), product };
  return {
    gradient: best(() => objective.evaluate(training.w, gradient)),
    product: best(() => objective.multiply([direction])),
  };
}

/** What a script of `peers/` prints; undefined where the library is not installed. */
function peer<Answer>(
  library: 'pytorch' | 'jax',
  script: string,
  words: readonly (string | number)[],
): Answer | undefined {
  const installed = join(packageRoot(), `.build/peers/${library}/bin/python3`);
  const python = process.env[`EDGESWEEP_BENCH_${library.toUpperCase()}`] ?? installed;
  if (!existsSync(python)) return undefined;
  const path = join(packageRoot(), 'peers', script);
  const { stdout, stderr, status } = spawnSync(python, [path, library, ...words.map(String)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const folder = mkdtempSync(join(tmpdir(), 'edgesweep-models-'));
try {
  const dumped = (name: string, sweep: string, changes: readonly string[]) => {
    say(`timing ${name}`);
    const out = join(folder, `${dumps++}`);
    const set = [...changes, 'trajectory.iterations=1', 'trajectory.layers=false'];
    dumpCommand({ sweep, overrides: { flags: { set } }, cell: 0, run: 0, iterations: [1], out, dataDir: DATA[0] });
    return out;
  };
  let dumps = 0;
  const rows = CASES.map((one) => {
    const out = dumped(one.name, one.sweep, one.set);
    return {
      name: one.name,
      native: ours('native', one),
      simd: ours('simd', one),
      pytorch: peer<Times>('pytorch', 'graph_timing.py', [out, seconds]),
      jax: peer<Times>('jax', 'graph_timing.py', [out, seconds]),
    };
  });
  const trainings = TRAININGS.map((one) =>
    timeTraining(one, {
      data: DATA,
      best: (action) => best(action, seconds / 3),
      ask: (library, words) => {
        const out = dumped(`trainings, ${one.name}`, one.sweep, one.set);
        return peer(library, 'graph_training.py', [out, ...words, seconds / 4]);
      },
    }),
  );
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
    ...trainingLines(trainings),
    '',
  ].join('\n');
  const report = { date: new Date().toISOString(), machine, rows, trainings };
  finish(report, { prefix: 'models-', heading: 'Speed of models that are graphs', text });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
