/** Cost of a step against what a network and its data are made of; see `--help`. Progress on standard error. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { renderPng, renderSvg } from '../../dist/orchestrator/figure/mod.js';
import type { EngineName } from '../../dist/shared/mod.js';
import { resolveEngine } from '../../dist/worker/mod.js';
import { highest, measurePeak, operationsOf } from '../peers/peak.ts';
import { startPeers } from '../peers/process.ts';
import { contendersOf } from '../peers/trainings.ts';
import { say, startBenchmark } from '../speed/benchmark.ts';
import { timed, timedReference } from '../speed/engines.ts';
import { spreadOf } from '../speed/interleave.ts';
import { idleWarning } from '../speed/machine.ts';
import { digits } from '../speed/report.ts';
import { type Parts, type Shape, shape } from '../speed/shapes.ts';
import { type CurvePoint, curveFigure } from './figure.ts';

const HELP = `node --import tsx bench/curves/main.ts [--quick] [--markdown FILE]

Needs the built package, the peers (make peers) and an idle machine; takes about eight minutes.

  --quick          two points of each curve; the numbers mean little
  --markdown FILE  also writes the report to FILE, and its figures beside it
`;
/** So few steps of large shapes that a group does not take long. */
const OPERATIONS = 2e9;
/** Beyond these operations of a step the reference engine takes seconds and is left out. */
const MOST_OF_REFERENCE = 2e7;

const base: Parts = { activation: 'tanh' };
const CURVES: { key: string; title: string; values: number[]; parts(x: number): Parts }[] = [
  { key: 'width', title: 'width', values: [2, 5, 10, 32, 100, 316, 1000], parts: (width) => ({ ...base, width }) },
  { key: 'depth', title: 'depth', values: [2, 4, 8, 16], parts: (depth) => ({ ...base, depth }) },
  { key: 'examples', title: 'examples', values: [10, 100, 1000, 5000], parts: (n) => ({ ...base, examples: n }) },
  { key: 'inputs', title: 'inputs', values: [2, 10, 100, 784, 3072], parts: (inputs) => ({ ...base, inputs }) },
  { key: 'batch-size', title: 'batch size', values: [1, 4, 20, 100], parts: (batchSize) => ({ ...base, batchSize }) },
];

const { quick, machine, finish } = await startBenchmark(HELP);
const markdown = process.argv[process.argv.indexOf('--markdown') + 1];
const folder = process.argv.includes('--markdown') ? dirname(markdown) : 'bench/results';
const engines: EngineName[] = resolveEngine('auto') === 'native' ? ['native', 'simd'] : ['simd'];
const peak = highest(measurePeak());
const peers = await startPeers();
const rounds = quick ? 1 : 3;
const effort = { secondsPerSample: 0.05, tuning: { sample: 0.03, whole: quick ? 0.2 : 1.5 } };

/** Medians of a few rounds, everything that a trial costs divided by its steps. */
async function point(of: Shape, x: number): Promise<CurvePoint[]> {
  // torch.compile takes half a minute for a shape
  const theirs = await contendersOf(of, peers, effort, ['compiled']);
  const ours = engines.map((name) => ({ name, ...timed(name, of, of.steps, effort.secondsPerSample) }));
  const reference = operationsOf(of) > MOST_OF_REFERENCE ? [] : [{ name: 'reference', ...timedReference(of, 0.05) }];
  const medians = new Map<string, number>();
  const contenders = [...ours, ...reference, ...theirs];
  const taken = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const { name, sample } of contenders) taken.get(name)?.push(await sample());
  for (const [name, seconds] of taken) medians.set(name, 1e6 * spreadOf(seconds).median);
  await Promise.all(peers.map(({ ask }) => ask({ kind: 'forget' })));
  const own = [...ours, ...reference].map(({ name }) => ({ x, by: name, microseconds: medians.get(name) ?? 0 }));
  const fastest = theirs.map(({ name }) => name).toSorted((a, b) => (medians.get(a) ?? 0) - (medians.get(b) ?? 0))[0];
  const named = (name: string, by: string) => ({ x, by, microseconds: medians.get(name) ?? 0 });
  if (fastest !== undefined) own.push(named(fastest, 'best peer'));
  if (medians.has('eager')) own.push(named('eager', 'eager PyTorch'));
  if (peak !== undefined) own.push({ x, by: 'roofline', microseconds: (1e-3 * operationsOf(of)) / peak });
  say(`${of.label}: ${own.map(({ by, microseconds }) => `${by} ${digits(microseconds)}`).join(', ')} (${fastest})`);
  return own;
}

const sections: string[] = [];
const measured: Record<string, CurvePoint[]> = {};
try {
  for (const { key, title, values, parts } of CURVES) {
    const points: CurvePoint[] = [];
    for (const x of quick ? values.slice(0, 2) : values) {
      const full = shape(parts(x));
      const steps = Math.max(4, Math.min(full.steps, Math.round(OPERATIONS / operationsOf(full))));
      points.push(...(await point(shape({ ...parts(x), steps }), x)));
    }
    measured[key] = points;
    const file = `cost-${key}.png`;
    writeFileSync(join(folder, file), await renderPng(await renderSvg(curveFigure(title, points))));
    const names = [...new Set(points.map(({ by }) => by))];
    const rows = [...new Set(points.map(({ x }) => x))].map((x) => [
      String(x),
      ...names.map((by) => {
        const found = points.find((one) => one.x === x && one.by === by);
        return found === undefined ? '' : digits(found.microseconds);
      }),
    ]);
    const table = markdownTable([[title, ...names], ...rows], { align: [title, ...names].map(() => 'r') });
    sections.push(`## ${title}\n\n![Cost of a step against the ${title}](${file})\n\n${table}`);
  }
} finally {
  for (const { close } of peers) close();
}
const warning = idleWarning(machine);
const text = `Printed by \`make bench-curves\` at revision ${machine.revision}, ${new Date().toISOString().slice(0, 10)}: ${machine.processor}, Node ${machine.node}.
${warning === undefined ? '' : `\n**${warning}.**\n`}
Microseconds per step and trial on one thread, medians of ${rounds} rounds: tanh, depth 3, width 10, 100 examples of 10 inputs, full batch, except for
what varies. The best peer is the fastest of PyTorch (eager and batched over rungs), JAX and NumPy, each at its best number of rungs;
\`torch.compile\` is left out, because it compiles half a minute for each shape. The reference engine is left out where a step takes it long.
The roofline is the time of the matrix products at the machine's peak without fused multiply-add${peak === undefined ? ', which nobody measured' : `, ${digits(peak)} GFLOP/s`}.

${sections.join('\n\n')}
`;
const report = { date: new Date().toISOString(), machine, peak: peak ?? null, measured };
finish(report, { prefix: 'curves-', heading: 'Cost curves', text });
