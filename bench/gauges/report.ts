import { markdownTable } from 'markdown-table';
import { idleWarning, type Machine } from '../speed/machine.ts';
import { aim, digits, range } from '../speed/report.ts';
import type { Effort } from '../speed/time-shape.ts';
import type { FigureTiming } from './figures.ts';
import type { PreconditionedTiming } from './preconditioned.ts';
import type { ShareTiming } from './shares.ts';

export type Report = {
  command: string;
  /** ISO 8601, UTC */
  date: string;
  machine: Machine;
  effort: Effort;
  preconditioned: PreconditionedTiming[];
  shares: ShareTiming[];
  figures: FigureTiming[];
};

/** Of a plain measurement. */
const AIM = 1.3;
/** Seconds of a figure by the clock, on two cores with nothing else to do. */
const FIGURE_AIM = 60;

export function render({ command, date, machine, effort, preconditioned, shares, figures }: Report): string {
  const warning = idleWarning(machine);
  return `Printed by \`${command}\` at revision ${machine.revision}, ${date.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores,
${machine.platform}, Node ${machine.node} (V8 ${machine.v8}); load average ${machine.loadAverage.toFixed(2)} before.
${warning === undefined ? '' : `\n**${warning}.**\n`}
Ratios are what to compare: both sides are timed next to each other. Median (lowest to highest) of the rounds.

## Preconditioned sharpness

Adam as in \`sweeps/frontier/adam.yaml\` (tanh, depth 3, width 10, ten outputs), on one thread of the fastest engine. Over all measurements of
a training: processor time and products of the preconditioned sharpness over those of the plain one, which finds the same blocks to the same tolerance at the same points. A
value counts as missed if it is more than 0.1 % below the largest eigenvalue, found from a random start to a residual of 1e-6.

${preconditionedTable(preconditioned)}

## Other gauges

Figure 3.1's training with tanh (5000 examples, width 10, depth 3), engine simd. The time of a gauge over that of a measurement of the sharpness of
network and layers as in a run. Medians of ${effort.rounds} rounds.

${sharesTable(shares)}

## Figures of the thesis

Those with 5000 examples, 5000 iterations and width 10, whole, as a command: the sharpness of network and layers every 10 iterations, and of schemes
with 1/λ at every iteration. From the start of the process to its end, with tables and series written, once each on two threads. The clock of a busy
machine counts what others do too; processor time hardly changes. The aim is ${FIGURE_AIM} s by the clock.

${figuresTable(figures)}
`;
}

function preconditionedTable(timings: readonly PreconditionedTiming[]): string {
  const header = [
    'measured',
    'examples',
    'measurements',
    'products, over plain',
    'time, over plain',
    'plain, µs',
    'aim',
    'products of the network',
    'missed',
    'plain, missed',
  ];
  const rows = timings.map(({ label, examples, measurements, products, seconds, plain, productsOfNetwork, missed }) => [
    label,
    String(examples),
    String(measurements),
    digits(products),
    range(seconds),
    digits(plain.median),
    aim(AIM, seconds, 'under'),
    digits(productsOfNetwork),
    missed.preconditioned === 0 ? '0' : `${missed.preconditioned}, by ${digits(100 * missed.most)} % at most`,
    String(missed.plain),
  ]);
  return markdownTable([header, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'l', 'r', 'r', 'r'] });
}

function sharesTable(shares: readonly ShareTiming[]): string {
  const rows = shares.flatMap(({ iteration, gauges }) =>
    gauges.map((one) => [one.gauge, String(iteration), range(one.share), aim(one.aim, one.share, 'under')]),
  );
  return markdownTable([['gauge', 'iteration', 'measurements', 'aim'], ...rows], { align: ['l', 'r', 'r', 'l'] });
}

function figuresTable(figures: readonly FigureTiming[]): string {
  const rows = figures.map(({ command, processor, clock }) => [
    `\`${command}\``,
    digits(processor),
    digits(clock),
    aim(FIGURE_AIM, { median: clock, min: clock, max: clock }, 'under'),
  ]);
  return markdownTable([['command', 'processor time, s', 'clock, s', 'aim'], ...rows], { align: ['l', 'r', 'r', 'l'] });
}
