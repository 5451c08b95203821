import { type Scope, scopesOf, type TrajectoryTask } from '../../dist/shared/mod.js';
import { expand, loadSweep } from '../../dist/shared/sweep/mod.js';
import { resolveEngine } from '../../dist/worker/engines/mod.js';
import { EigenMeter, MATRICES } from '../../dist/worker/experiments/trajectory/mod.js';
import { engineOf, startTraining } from '../../dist/worker/mod.js';
import { type Spread, spreadOf } from '../speed/interleave.ts';

type Case = { label: string; examples: number; iterations: number; every: number; layers: boolean };

const OFTEN = { iterations: 3000, every: 2 };
const USUAL = { iterations: 6000, every: 10 };

export const PRECONDITIONED_CASES: readonly Case[] = [
  { label: 'network and layers, every 10 iterations', examples: 5000, layers: true, ...USUAL },
  { label: 'network alone, every 10 iterations', examples: 5000, layers: false, ...USUAL },
  { label: 'network and layers, every 10 iterations', examples: 1000, layers: true, ...USUAL },
  { label: 'network alone, every 10 iterations', examples: 1000, layers: false, ...USUAL },
  { label: 'network and layers, every 2 iterations', examples: 1000, layers: true, ...OFTEN },
];

export type PreconditionedTiming = {
  label: string;
  examples: number;
  measurements: number;
  /** of all preconditioned measurements of a training over all plain ones */
  products: number;
  seconds: Spread;
  /** of a plain measurement, its blocks together: microseconds of processor time, mean over a training */
  plain: Spread;
  /** of a preconditioned measurement of the network, mean */
  productsOfNetwork: number;
  /** measurements whose value is more than 0.1 % below the largest eigenvalue, and how far at most */
  missed: { preconditioned: number; plain: number; most: number };
};

/** Relative, below the largest eigenvalue. */
const MISSED = 1e-3;
/** From a random start, and so accurate that it cannot stop at the second eigenvalue. */
const EXACT = { kind: 'lanczos', tolerance: 1e-6, maxProducts: 330, top: 1, bothEnds: false } as const;

/** A point of the training where it is measured. */
type Place = { iteration: number; w: Float32Array; preconditioner: Float32Array };

/**
 * Adam as in sweeps/frontier/adam.yaml. Its weights and P are kept where a run measures; then, in each round, the measurements of the whole
 * training are made again, warm starts included, at each point a plain one and a preconditioned one in turn.
 */
export function timePreconditioned(
  { label, examples, iterations, every, layers }: Case,
  rounds: number,
): PreconditionedTiming {
  const set = [
    `grid.dataset.examples=${examples}`,
    `trajectory.iterations=${iterations}`,
    `trajectory.every=${every}`,
    `trajectory.layers=${layers}`,
  ];
  const task = expand(loadSweep('frontier/adam', { flags: { set } })).task(0, 0) as TrajectoryTask;
  const { cell, seed, run } = task;
  const { objective, places } = placesOf(task, every);
  const gradient = new Float32Array(objective.size);
  const kinds = { plain: 'hessian', preconditioned: 'preconditioned' } as const;
  const found = { plain: [] as number[], preconditioned: [] as number[] };
  const counts = { plain: 0, preconditioned: 0, network: 0 };

  const plain: number[] = [];
  const ratios = Array.from({ length: rounds }, (_, round) => {
    const seconds = { plain: 0, preconditioned: 0 };
    const meters = new Map(
      Object.values(kinds).map((matrix) => [
        matrix,
        new EigenMeter(objective, cell.trajectory.solver, { seed, run }, { matrix }),
      ]),
    );
    for (const place of places) {
      objective.evaluate(place.w, gradient);
      for (const kind of ['plain', 'preconditioned'] as const) {
        const matrix = kinds[kind];
        seconds[kind] += processorTime(() => {
          const multiply = MATRICES[matrix]({ objective, preconditioner: place.preconditioner });
          const solutions = meters.get(matrix)!.measure(multiply, blocksOf(cell.depth, layers), place.iteration);
          if (round > 0) return;
          found[kind].push(solutions[0].largest[0].value);
          for (const { products } of solutions) counts[kind] += products;
          if (kind === 'preconditioned') counts.network += solutions[0].products;
        });
      }
    }
    plain.push(seconds.plain / places.length);
    return seconds.preconditioned / seconds.plain;
  });

  const missed = { preconditioned: 0, plain: 0, most: 0 };
  for (const [i, place] of places.entries()) {
    objective.evaluate(place.w, gradient);
    for (const kind of ['plain', 'preconditioned'] as const) {
      const matrix = kinds[kind];
      const multiply = MATRICES[matrix]({ objective, preconditioner: place.preconditioner });
      const [exact] = new EigenMeter(objective, EXACT, { seed: 1, run }, { matrix }).measure(multiply, ['all'], 1);
      const below = 1 - found[kind][i] / exact.largest[0].value;
      if (below <= MISSED) continue;
      missed[kind] += 1;
      if (kind === 'preconditioned') missed.most = Math.max(missed.most, below);
    }
  }
  return {
    label,
    examples,
    measurements: places.length,
    products: counts.preconditioned / counts.plain,
    seconds: spreadOf(ratios),
    plain: spreadOf(plain),
    productsOfNetwork: counts.network / places.length,
    missed,
  };
}

const blocksOf = (depth: number, layers: boolean): Scope[] => scopesOf(depth, layers);

/** Microseconds of the processor, which other programs hardly change. */
function processorTime(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Where the training is measured. */
function placesOf(task: TrajectoryTask, every: number) {
  // measured seldom: only the weights are wanted
  const { trajectory } = task.cell;
  const seldom = { ...task.cell, trajectory: { ...trajectory, every: trajectory.iterations } };
  const { training, problem, engine } = startTraining({ ...task, cell: seldom }, engineOf(resolveEngine('auto')), []);
  const places: Place[] = [];
  for (let iteration = 1; iteration <= trajectory.iterations; iteration++) {
    const w = training.w.slice();
    training.iterate();
    if ((iteration - 1) % every !== 0) continue;
    places.push({ iteration, w, preconditioner: training.preconditioner!.slice() });
  }
  return { objective: engine.objective(problem), places };
}
