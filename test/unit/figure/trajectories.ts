import type { Line } from '../../../orchestrator/experiments/trajectory/figure/mod.ts';
import type { Series } from '../../../shared/mod.ts';

/** A made-up training at the edge of stability. */
export type Course = {
  iterations: number;
  /** one for the network, or of each iteration; of an array one for each layer */
  stepSize: number | ((iteration: number) => number) | number[];
  layers?: number;
  /** at the edge from about here on, in iterations */
  reached?: number;
  /** the iteration at whose end something was not finite */
  diverged?: number;
  /** iterations from one measured sharpness to the next; 0: never measured */
  every?: number;
  /** gradient equivalents of an iteration */
  cost?: number;
};

/** Between -1 and 1, without any rule that an eye would see. */
const noise = (i: number): number => Math.sin(12.9898 * i + 1.3 * Math.sin(78.233 * i));

/** Columns of a training by formulas: sharpness rises to 2 / step size and stays about it, the loss falls, unsteadily from then on. */
export function course(options: Course): Series {
  const { iterations, stepSize, layers = 3, reached = iterations / 4, diverged, every = 10, cost = 1 } = options;
  const stepAt = (i: number): number =>
    typeof stepSize === 'number' ? stepSize : Array.isArray(stepSize) ? stepSize[0] : stepSize(i);
  const columns = new Map<string, Float64Array>();
  const fill = (name: string, value: (i: number) => number) => {
    const made = (_: unknown, at: number) =>
      diverged !== undefined && at + 1 >= diverged ? Number.NaN : value(at + 1);
    columns.set(name, Float64Array.from({ length: iterations }, made));
  };
  // the last 25 iterations before it diverges: each value many times the one before
  const explosion = (i: number): number =>
    diverged === undefined || i < diverged - 25 ? 1 : Math.min(1e37, 10 ** (1.4 * (i - diverged + 25)));
  const unrest = (i: number): number => (i < reached ? 0 : 0.35 * noise(i) + 0.15);
  const sharpness = (i: number): number => {
    const rise = 1 - Math.exp((-4.5 * i) / reached);
    const wave = i < reached ? 0 : 0.05 * noise(i / 3);
    return ((2 / stepAt(i)) * (0.99 * rise + wave) - 2 * Math.exp(-i / 20)) * explosion(i);
  };
  const measured = (i: number): boolean => every > 0 && (i === 1 || i % every === 0);
  const gradient = (i: number): number => (6 * (1 + 1.5 * Math.abs(unrest(i)) * 2)) / (1 + i / 40) ** 0.8;

  fill('iteration', (i) => i);
  columns.set(
    'iteration',
    Float64Array.from({ length: iterations }, (_, at) => at + 1),
  );
  fill('cost', (i) => cost * i);
  fill('loss', (i) => (2.5 / (1 + i / 30) + 0.02) * (1 + unrest(i)) * explosion(i));
  fill('gradient_norm', (i) => gradient(i) * explosion(i));
  fill('sharpness', (i) => (measured(i) ? sharpness(i) : Number.NaN));
  for (let layer = 1; layer <= layers; layer++) {
    const share = (0.85 * layer) / layers;
    fill(`gradient_norm_layer_${layer}`, (i) => share * gradient(i) * (1 + 0.2 * noise(i + layer)) * explosion(i));
    fill(`sharpness_layer_${layer}`, (i) =>
      measured(i) ? share * sharpness(i) * (1 + 0.05 * noise(i + 7 * layer)) : Number.NaN,
    );
    if (Array.isArray(stepSize))
      fill(`step_size_layer_${layer}`, (i) => stepSize[layer - 1] * (1 + 0.3 * noise(i / 50)));
  }
  if (!Array.isArray(stepSize)) fill('step_size', stepAt);
  return { rows: iterations, columns };
}

export function lineOf(values: Record<string, string | number | boolean>, options: Course, run = 0): Line {
  const divergence = options.diverged === undefined ? null : { iteration: options.diverged };
  const edge = { matrix: 'hessian', over: 2 } as const;
  return { values: new Map(Object.entries(values)), run, series: course(options), edge, divergence };
}
