import { eigenvalueGradient } from '../../dist/worker/eigen/mod.js';
import { batchGauge } from '../../dist/worker/experiments/trajectory/mod.js';
import { engineOf, startTraining } from '../../dist/worker/mod.js';
import { type Contender, interleave, ratiosOf, repetitionsFor, type Spread, time } from '../speed/interleave.ts';
import type { Effort } from '../speed/time-shape.ts';
import { type Point, taskOf } from '../trajectory/points.ts';
import { LANCZOS, measurer } from '../trajectory/sharpness.ts';

export type ShareTiming = {
  iteration: number;
  gauges: { gauge: string; aim: number; share: Spread }[];
};

const BATCHES = { count: 100, size: 8 };

/** The time of other gauges over that of a measurement of network and layers as in a run. */
export async function timeShares(point: Point, { rounds, secondsPerSample }: Effort): Promise<ShareTiming> {
  const task = taskOf(point.activation as 'tanh');
  const { engine, problem, ...parts } = startTraining(task, engineOf('simd'), []);
  const elsewhere = engine.objective(problem);
  const cell = { ...task.cell, trajectory: { ...task.cell.trajectory, layers: true } };
  const { measure } = batchGauge({ ...parts, engine, problem, cell }, BATCHES);
  const plain = measurer(point, LANCZOS, true);
  const [{ vector }] = plain();
  const gauges = [
    {
      gauge: 'which layer sharpens (`sharpening`)',
      aim: 2,
      take: () => void eigenvalueGradient(elsewhere, point.w, vector),
    },
    {
      gauge: `batch sharpness of ${BATCHES.count} batches of ${BATCHES.size} (\`batches\`), network and layers`,
      aim: 5,
      take: () => void measure(point.w, point.iteration),
    },
  ];
  const contender = (name: string, action: () => void): Contender => {
    const repetitions = repetitionsFor(secondsPerSample, action);
    return {
      name,
      sample: () =>
        time(() => {
          for (let i = 0; i < repetitions; i++) action();
        }) / repetitions,
    };
  };
  const seconds = await interleave(
    [contender('plain', () => void plain()), ...gauges.map(({ gauge, take }) => contender(gauge, take))],
    rounds,
  );
  return {
    iteration: point.iteration,
    gauges: gauges.map(({ gauge, aim }) => ({
      gauge,
      aim,
      share: ratiosOf(seconds.get(gauge)!, seconds.get('plain')!),
    })),
  };
}
