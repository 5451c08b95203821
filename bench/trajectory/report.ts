import { markdownTable } from 'markdown-table';
import type { Spread } from '../speed/interleave.ts';
import { idleWarning, type Machine } from '../speed/machine.ts';
import { aim, digits, range } from '../speed/report.ts';
import type { Effort } from '../speed/time-shape.ts';
import type { FigureTiming } from './figure.ts';
import { type PointTiming, SOLVERS, type SolverTiming } from './sharpness.ts';
import type { StepTiming } from './step.ts';

export type Report = {
  command: string;
  /** ISO 8601, UTC */
  date: string;
  machine: Machine;
  /** version; null where there is none */
  torch: string | null;
  effort: Effort;
  starts: number;
  points: PointTiming[];
  steps: StepTiming[];
  figure: FigureTiming;
};

const AIMS = { sharpness: 20, step: 5 };

export function render(report: Report): string {
  const { machine, torch, effort, starts, figure } = report;
  const warning = idleWarning(machine);
  return `Printed by \`${report.command}\` at revision ${machine.revision}, ${report.date.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores,
${machine.platform}, Node ${machine.node} (V8 ${machine.v8}), ${torch === null ? 'no PyTorch' : `PyTorch ${torch} on one thread`}; load average ${machine.loadAverage.toFixed(2)} before.
${warning === undefined ? '' : `\n**${warning}.**\n`}
All of depth 3, width 10, 10 outputs, 5000 examples in one batch, on one thread (\`bench/trajectory/figure-3.1.yaml\`), with 10 inputs or, where it
says so, the 3072 of CIFAR-10, with synthetic data. Times are medians
of ${effort.rounds} rounds, of the figure ${figure.rounds}, in each of which all that is compared was timed in turn; ratios are taken round by round: median (lowest to highest).
Seconds are of this machine at that hour, ratios are what to compare.

## One measurement of sharpness

Loss and gradient at a point of a training, then the largest eigenvalue of the Hessian of the whole network and of each of its three
layers. "As in a run" starts from the eigenvectors of the measurement 10 iterations earlier; at iteration 1 there are none. The tolerance on
the residual is the default, 0.001 of the eigenvalue, or ten times that. With the larger one a warm start may stay with an eigenvalue that
was the largest and no longer is, which the errors show. "power" is our solver with PyHessian's rule. PyTorch has
that rule to the letter: double backward, a standard normal start, lambda = v'Hv, v = Hv / (|Hv| +
1e-6), until lambda changes by less than 1e-3 of itself, the value before that, 100 products at most; one forward and backward pass serves
all four blocks. Errors are relative to the largest eigenvalue of the Hessian in float64 (from PyTorch, all of it), residuals |Hv - lambda v|
relative to that eigenvalue: median (worst) of ${starts} random starts, of layers of all three together. Beside a negative eigenvalue of larger
magnitude the power iteration finds that one, which counts as an error here.

${report.points.map(pointTable).join('\n\n')}

At the same or better accuracy means that neither median error, of the network or of the layers, is above PyTorch's.

## One step of training

Loss, gradient and step, without any measurement; with ours what a run records of each iteration, with PyTorch \`MSELoss\`, \`backward\` and
\`SGD.step\`, eager.

${stepTable(report.steps)}

## A whole figure

\`edgesweep run bench/trajectory/figure-3.1.yaml --threads 1\`: linear and relu, ${figure.iterations} iterations each, the sharpness of network and layers
at ${figure.measurements} of them, from the start of the process to its end, with tables and series written. ${figureText(figure)}
`;
}

function pointTable({ activation, inputs, iteration, sharpness, solvers }: PointTiming): string {
  const value = sharpness === undefined ? '' : `, sharpness ${digits(sharpness)} (2 / step size is 25)`;
  const header = [
    'solver',
    'ms',
    'products',
    'PyTorch / it',
    'aim',
    'error',
    'error, layers',
    'residual',
    'residual, layers',
  ];
  const peer = solvers.find(({ solver }) => solver === SOLVERS.peer);
  const rows = solvers.map((timing) => [
    timing.solver,
    digits(1000 * timing.seconds.median),
    timing.products.toFixed(1),
    range(timing.timesFaster),
    timing.solver === SOLVERS.run || timing.solver === SOLVERS.loose ? verdict(timing, peer) : '',
    medianAndWorst(timing.whole?.error),
    medianAndWorst(timing.layers?.error),
    medianAndWorst(timing.whole?.residual),
    medianAndWorst(timing.layers?.residual),
  ]);
  const align = ['l', 'r', 'r', 'r', 'l', 'r', 'r', 'r', 'r'];
  return `### ${activation}, ${inputs === 10 ? '' : `${inputs} inputs, `}iteration ${iteration}${value}\n\n${markdownTable([header, ...rows], { align })}`;
}

function verdict({ timesFaster, whole, layers }: SolverTiming, peer: SolverTiming | undefined): string {
  const speed = aim(AIMS.sharpness, timesFaster, 'at least');
  if (peer?.whole === undefined || peer.layers === undefined || whole === undefined || layers === undefined)
    return speed;
  const isAccurate = whole.error.median <= peer.whole.error.median && layers.error.median <= peer.layers.error.median;
  return `${speed}; accuracy: ${isAccurate ? 'met' : 'missed'}`;
}

function stepTable(steps: readonly StepTiming[]): string {
  const rows = steps.map(({ activation, inputs, ours, pytorch, timesFaster }) => [
    activation,
    String(inputs),
    digits(ours.median * 1e6),
    pytorch === undefined ? '' : digits(pytorch.median * 1e6),
    range(timesFaster),
    aim(AIMS.step, timesFaster, 'at least'),
  ]);
  const header = ['activation', 'inputs', 'µs', "PyTorch's µs", 'PyTorch / ours', 'aim'];
  return markdownTable([header, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'l'] });
}

function figureText({ seconds, sampled, pytorch, timesFaster, iterations, measurements }: FigureTiming): string {
  if (pytorch === undefined) return `It took ${range(seconds)} seconds.`;
  return `PyTorch was **not** run to the
end: of each activation ${sampled.measurements} of the ${measurements} measurements, spread evenly over our training and computed from its weights, and ${sampled.steps} of the
${iterations} steps were timed in each round, and multiplied up. Its start, its data and its recording count as nothing.

| | seconds |
| :-- | --: |
| the command | ${range(seconds)} |
| PyTorch, extrapolated | ${range(pytorch)} |
| PyTorch / the command | ${range(timesFaster)} |`;
}

/** Two digits each. */
const medianAndWorst = (spread: Spread | undefined): string =>
  spread === undefined ? '' : `${spread.median.toExponential(1)} (${spread.max.toExponential(1)})`;
