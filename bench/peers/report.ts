import { markdownTable } from 'markdown-table';
import { type Spread, spreadOf } from '../speed/interleave.ts';
import { idleWarning, type Machine } from '../speed/machine.ts';
import { aim, digits, range } from '../speed/report.ts';
import type { Check } from './check.ts';
import type { FigureTiming } from './figure.ts';
import { operationsOf } from './peak.ts';
import type { Row } from './rows.ts';
import type { SharpnessRow } from './sharpness.ts';
import type { RowTiming } from './trainings.ts';

export type Library = {
  version: string;
  blas: { name: string; version?: string; kernel?: string; threads: number }[];
  removed: string[];
  /** GFLOP/s of plain products, by their sizes */
  products: Record<string, number>;
};

export type Report = {
  command: string;
  /** ISO 8601, UTC */
  date: string;
  machine: Machine;
  libraries: Library[];
  /** by lanes, GFLOP/s */
  peaks: Record<string, number>;
  checks: Check[];
  rows: { row: Row; timing: RowTiming }[];
  sharpness: SharpnessRow[];
  figure: FigureTiming;
};

export function render(report: Report): string {
  const { machine, libraries, checks } = report;
  const warning = idleWarning(machine);
  const removed = [...new Set(libraries.flatMap((library) => library.removed))];
  const removal =
    removed.length === 0
      ? 'No variable that slows a peer down was set.'
      : `${removed.map((name) => `\`${name}\``).join(', ')} is set on this machine to choose a library's code; the benchmark removes it, so each library chooses by itself.`;
  return `Printed by \`${report.command}\` at revision ${machine.revision}, ${report.date.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores,
${machine.platform}, Node ${machine.node} (V8 ${machine.v8}); load average ${machine.loadAverage.toFixed(2)} before.
${warning === undefined ? '' : `\n**${warning}.**\n`}
Every contender has one thread, computes in float32 and does the same work: it draws the initial weights and the order of the examples,
trains 100 steps and returns all losses. Times are microseconds per step and trial: everything that a trial costs, divided by its steps.
Contenders are timed in turn, round by round; a cell is the median (lowest to highest) of the rounds, and ratios are taken round by round.
Each peer trains as many rungs at once as suits it best, in the fastest of its ways; the benchmark finds both.

- **eager**: PyTorch's plain loop, one trial after another, as people write it.
- **batched**: PyTorch, all rungs in one tensor: \`torch.baddbmm\`, \`torch.func.vmap\`, or elementwise products at small batches.
- **compiled**: the same, with the whole step under \`torch.compile\`.
- **jax**: \`jit\` of everything, \`vmap\` over rungs, \`lax.scan\` over steps.
- **numpy**: all rungs in one array, the backward pass by hand.

${checks.length === 0 ? '' : `Checked first: on ${checks[0].trials} dumped trials, losses differ from ours relatively by at most ${checks.map(({ peer, largestRelativeDifference }) => `${largestRelativeDifference.toExponential(1)} (${peer})`).join(', ')}.\n`}
## Libraries

${librariesTable(libraries)}

${removal}

## Training

${trainingTable(report)}

${ratioTable(report)}

${whereAPeerWins(report)}

## Share of the machine's peak

${roofline(report)}

## Sharpness

One measurement of the largest eigenvalue of the Hessian of the network and of each of its three layers: depth 3, width 10, 5,000 examples, in
the course of a training. Ours and JAX start from the eigenvectors of the measurement before, as a run does, and stop at a residual of 0.001
of the eigenvalue. PyHessian is used as it is, with its defaults; one backward pass serves all its blocks. Errors are relative to the
largest eigenvalue in float64, the worst of all blocks and of 5 measurements. Times are milliseconds.

${sharpnessTable(report.sharpness)}

## A whole figure

\`edgesweep run bench/trajectory/figure-3.1.yaml --threads 1\` from start to end, ${report.figure.rounds} rounds. Peers are extrapolated from measurements
at 6 iterations and from steps; their start, data and recording count as nothing. PyHessian's steps are those of the eager loop, JAX's those of
its compiled loop.

${figureTable(report.figure)}
`;
}

function librariesTable(libraries: readonly Library[]): string {
  const sizes = Object.keys(libraries[0]?.products ?? {});
  const rows = libraries.map(({ version, blas, products }) => [
    version,
    blas.map(({ name, version: v, kernel }) => [name, v, kernel].filter(Boolean).join(' ')).join(', '),
    ...sizes.map((size) => (products[size] === undefined ? '' : digits(products[size]))),
  ]);
  const header = ['library', 'matrix products by', ...sizes.map((size) => `${size}, GFLOP/s`)];
  return markdownTable([header, ...rows], { align: ['l', 'l', ...sizes.map(() => 'r')] });
}

const micro = ({ median, min, max }: Spread): string => range({ median: 1e6 * median, min: 1e6 * min, max: 1e6 * max });

function trainingTable({ rows }: Report): string {
  const engines = Object.keys(rows[0]?.timing.engines ?? {}) as (keyof RowTiming['engines'])[];
  const peers = [...new Set(rows.flatMap(({ timing }) => timing.peers.map(({ peer }) => peer)))];
  const body = rows.map(({ timing }) => [
    timing.label,
    ...engines.map((engine) => {
      const spread = timing.engines[engine];
      return spread === undefined ? '' : micro(spread);
    }),
    ...peers.map((name) => {
      const found = timing.peers.find(({ peer }) => peer === name);
      if (found === undefined) return '';
      return name === 'eager' ? micro(found.seconds) : `${micro(found.seconds)}, ${found.way} of ${found.rungs}`;
    }),
  ]);
  const align = ['l', ...engines.map(() => 'r'), ...peers.map(() => 'r')];
  return markdownTable([['shape', ...engines, ...peers], ...body], { align });
}

function ratioTable({ rows }: Report): string {
  const body = rows.map(({ row, timing }) => [
    timing.label,
    range(timing.eager),
    aim(row.eager, timing.eager, 'at least'),
    timing.best?.peer ?? '',
    range(timing.best?.ratio),
    aim(row.best, timing.best?.ratio, 'at least'),
    String(timing.rounds),
  ]);
  const header = ['shape', 'times eager', 'aim', 'fastest peer', 'times the fastest peer', 'aim', 'rounds'];
  return `"Times" is the time of the peer divided by that of our fastest engine: above 1, ours is faster.

${markdownTable([header, ...body], { align: ['l', 'r', 'l', 'l', 'r', 'l', 'r'] })}`;
}

function whereAPeerWins({ rows }: Report): string {
  const lost = rows.filter(({ timing }) => timing.best !== undefined && timing.best.ratio.median < 1);
  if (lost.length === 0) return 'A peer wins: in none of these rows.';
  const body = lost.map(({ timing }) => [
    timing.label,
    timing.best?.peer ?? '',
    timing.best === undefined ? '' : digits(1 / timing.best.ratio.median),
  ]);
  return `A peer wins:\n\n${markdownTable([['shape', 'peer', 'times as fast as ours'], ...body], { align: ['l', 'l', 'r'] })}`;
}

function roofline({ peaks, rows }: Report): string {
  const peak = Math.max(...Object.values(peaks));
  if (!Number.isFinite(peak)) return 'No C++ compiler measured the peak.';
  const widths = Object.entries(peaks).map(([lanes, rate]) => `${digits(rate)} with ${lanes} lanes`);
  const body = rows.map(({ row, timing }) => {
    const rate = (spread: Spread | undefined) =>
      spread === undefined ? Number.NaN : (1e-9 * operationsOf(row)) / spread.median;
    const ours = Math.max(...Object.values(timing.engines).map(rate));
    const best = Math.max(...timing.peers.map(({ seconds }) => rate(seconds)));
    const share = ours / peak;
    return [
      timing.label,
      digits(ours),
      `${Math.round(100 * share)} %`,
      row.share === undefined ? '' : aim(row.share, spreadOf([share]), 'at least'),
      Number.isFinite(best) ? digits(best) : '',
    ];
  });
  return `One core multiplies and adds at ${widths.join(', ')} (GFLOP/s, each operation rounded on its own, everything in registers;
\`bench/peers/peak.cc\`). A fused multiply-add, which peers use and which would change our bits, has up to twice that. Only the operations of
the matrix products count; activations, losses, updates, initialization and shuffling take time and count as nothing.

${markdownTable([['shape', 'GFLOP/s', 'share of the peak', 'aim', 'fastest peer, GFLOP/s'], ...body], { align: ['l', 'r', 'r', 'l', 'r'] })}`;
}

const milli = ({ median, min, max }: Spread): string => range({ median: 1e3 * median, min: 1e3 * min, max: 1e3 * max });

const SHARPNESS_AIMS: Record<string, number> = { PyHessian: 60, 'JAX, Lanczos': 3 };

function sharpnessTable(rows: readonly SharpnessRow[]): string {
  const body = rows.flatMap(({ activation, iteration, ways }) =>
    ways.map(({ name, seconds, error, times }) => [
      `${activation}, iteration ${iteration}`,
      name,
      milli(seconds),
      error === undefined ? '' : error.toExponential(1),
      range(times),
      times === undefined ? '' : aim(SHARPNESS_AIMS[name], times, 'at least'),
    ]),
  );
  const header = ['point', 'by', 'ms', 'largest error', 'times ours', 'aim'];
  return markdownTable([header, ...body], { align: ['l', 'l', 'r', 'r', 'r', 'l'] });
}

function figureTable({ ways }: FigureTiming): string {
  const body = ways.map(({ name, seconds, times }) => [
    name,
    range(seconds),
    range(times),
    name === 'PyHessian' ? aim(50, times, 'at least') : '',
  ]);
  return markdownTable([['by', 'seconds', 'times ours', 'aim'], ...body], { align: ['l', 'r', 'r', 'l'] });
}
