import { markdownTable } from 'markdown-table';
import { type PackageSize, sizeSection } from '../size/size.ts';
import type { PyTorchCheck } from './check.ts';
import type { CommandTiming, ThreadTiming } from './commands.ts';
import type { Spread } from './interleave.ts';
import { idleWarning, type Machine } from './machine.ts';
import { FEW_STEPS, STEPS } from './shapes.ts';
import type { StartupTiming } from './startup.ts';
import type { Effort, ShapeTiming } from './time-shape.ts';

export type Report = {
  command: string;
  /** ISO 8601, UTC */
  date: string;
  machine: Machine;
  /** version; null where there is none */
  torch: string | null;
  effort: Effort;
  check: { lossesEqualToTheBit: number; pytorch: PyTorchCheck | null };
  shapes: ShapeTiming[];
  commands: CommandTiming[];
  threads: ThreadTiming | null;
  startup: StartupTiming[];
  size: PackageSize;
};

/** The report in Markdown, which is readable as it stands too. */
export function render(report: Report): string {
  const { machine, torch, check, effort } = report;
  const { lossesEqualToTheBit, pytorch } = check;
  const warning = idleWarning(machine);
  const agreement =
    pytorch === null
      ? ''
      : ` PyTorch's losses differ by ${pytorch.largestRelativeDifference.toExponential(1)} of their size at most, over ` +
        `${pytorch.iterations} iterations of ${pytorch.trials} dumped trials.`;
  return `Printed by \`${report.command}\` at revision ${machine.revision}, ${report.date.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores,
${machine.platform}, Node ${machine.node} (V8 ${machine.v8}), ${torch === null ? 'no PyTorch' : `PyTorch ${torch} on one thread`}; load average ${machine.loadAverage.toFixed(2)} before.
${warning === undefined ? '' : `\n**${warning}.**\n`}
PyTorch is the eager loop that people write, as installed on the machine. [peers.md](peers.md) compares the engines with the strongest peers (\`make bench-peers\`).

Checked first: ${lossesEqualToTheBit} losses of the simd engine are the reference engine's to the bit.${agreement}

Microseconds per step and trial, medians of ${effort.rounds} rounds, in each of which every engine was timed in turn. "simd" is all
that a trial of ${STEPS} steps (with 5000 examples of 3072 inputs ${FEW_STEPS}) costs, divided by its steps; "further step" is a step alone, from trials of more steps. Ratios to "simd" are
taken round by round: median (lowest to highest).

${shapesTable(report.shapes)}

Whole commands by the clock, seconds: median (lowest to highest).

${commandsTable(report)}

Start-up: milliseconds of processor time above \`node -e 0\` of the same round: median (lowest to highest).

${startupTable(report)}

${sizeSection(report.size, machine.platform)}`;
}

function shapesTable(shapes: readonly ShapeTiming[]): string {
  const header = ['shape', 'simd', 'further step', 'reference', shapes[0].tfjsLabel, 'PyTorch'];
  const ratios = ['reference / simd', 'tfjs / simd', 'PyTorch / simd', 'aim'];
  const rows = shapes.map((timing) => [
    timing.label,
    microseconds(timing.simd),
    microseconds(timing.simdFurtherStep),
    microseconds(timing.reference),
    microseconds(timing.tfjs),
    microseconds(timing.pytorch),
    range(timing.timesReference),
    range(timing.timesTfjs),
    range(timing.timesPyTorch),
    aim(timing.aim, timing.timesPyTorch, 'at least'),
  ]);
  const align = ['l', ...Array(8).fill('r'), 'l'];
  return markdownTable([[...header, ...ratios], ...rows], { align });
}

function commandsTable({ commands, threads, machine }: Report): string {
  const rows = commands.map(({ command, seconds, aim: most }) => [
    `\`${command}\`, ${machine.cores} threads`,
    range(seconds),
    aim(most, seconds, 'under'),
  ]);
  if (threads !== null) {
    const { command, seconds1, seconds2, ratio, aim: least } = threads;
    rows.push(
      [`\`${command} --threads 1\``, range(seconds1), ''],
      [`\`${command} --threads 2\``, range(seconds2), ''],
      ['one thread / two threads', range(ratio), aim(least, ratio, 'at least')],
    );
  }
  return markdownTable([['command', 'seconds', 'aim'], ...rows], { align: ['l', 'r', 'l'] });
}

function startupTable({ startup }: Report): string {
  const rows = startup.map(({ command, milliseconds, aim: most }) => [
    `\`${command}\``,
    range(milliseconds),
    aim(most, milliseconds, 'under'),
  ]);
  return markdownTable([['command', 'milliseconds', 'aim'], ...rows], { align: ['l', 'r', 'l'] });
}

const microseconds = (spread: Spread | undefined): string => (spread === undefined ? '' : digits(spread.median * 1e6));

export const range = (spread: Spread | undefined): string =>
  spread === undefined ? '' : `${digits(spread.median)} (${digits(spread.min)} to ${digits(spread.max)})`;

/** Three digits, without exponent. */
export function digits(value: number): string {
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

export function aim(bound: number | undefined, spread: Spread | undefined, which: 'at least' | 'under'): string {
  if (bound === undefined) return '';
  if (spread === undefined) return `${which} ${bound}`;
  const met = which === 'at least' ? spread.median >= bound : spread.median < bound;
  return `${which} ${bound}: ${met ? 'met' : 'missed'}`;
}
