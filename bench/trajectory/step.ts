import type { Activation } from '../../dist/shared/mod.js';
import { engineOf, startTraining } from '../../dist/worker/mod.js';
import {
  type Contender,
  interleave,
  ratiosOf,
  repetitionsFor,
  type Spread,
  spreadOf,
  time,
} from '../speed/interleave.ts';
import type { PyTorch } from '../speed/pytorch.ts';
import type { Effort } from '../speed/time-shape.ts';
import { taskOf } from './points.ts';

export type StepTiming = {
  activation: Activation;
  inputs: number;
  ours: Spread;
  pytorch?: Spread;
  timesFaster?: Spread;
};

/** More iterations than are timed; sharpness is measured at the first alone. */
const MANY = 1_000_000;
/** So small that no training diverges, however long; the same for PyTorch. */
const STEP_SIZE = 1e-3;

/** A step of a training as a run takes it, recording included, against loss, backward and SGD step of PyTorch. */
export async function timeStep(
  activation: Activation,
  pytorch: PyTorch | undefined,
  { rounds, secondsPerSample }: Effort,
  more: readonly string[] = [],
) {
  const set = [
    ...more,
    `trajectory.iterations=${MANY}`,
    `trajectory.every=${MANY}`,
    `grid.scheme.stepSize=${STEP_SIZE}`,
  ];
  const { cell, ...task } = taskOf(activation, set);
  const { training } = startTraining({ cell, ...task }, engineOf('simd'), []);
  const step = () => {
    if (training.iterate() !== undefined) throw new Error('a timed training ended');
  };
  step();
  const repetitions = repetitionsFor(secondsPerSample, step);
  const contenders: Contender[] = [
    {
      name: 'ours',
      sample: () =>
        time(() => {
          for (let i = 0; i < repetitions; i++) step();
        }) / repetitions,
    },
  ];
  if (pytorch !== undefined) {
    const shape = { cell };
    const guess = await pytorch.secondsPerStep(shape, 20);
    const steps = Math.max(20, Math.round(secondsPerSample / guess));
    contenders.push({ name: 'pytorch', sample: () => pytorch.secondsPerStep(shape, steps) });
  }
  const seconds = await interleave(contenders, rounds);
  const [ours, theirs] = ['ours', 'pytorch'].map((name) => seconds.get(name) ?? []);
  return {
    activation,
    inputs: cell.dataset.dimensions,
    ours: spreadOf(ours),
    ...(pytorch !== undefined && { pytorch: spreadOf(theirs), timesFaster: ratiosOf(theirs, ours) }),
  } satisfies StepTiming;
}
