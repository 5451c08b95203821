import type { EngineName } from '../../../shared/mod.ts';
import { divergenceKind, type Trainer, type Training } from '../engine.ts';
import { initialize } from '../initialize.ts';
import { batchesOf } from '../order.ts';
import { layerStepSizes, type Problem, type Trial } from '../problem.ts';
import { updateOf } from '../reference/optimizers.ts';
import { type Rules, rulesOf } from '../rules.ts';
import type { Executor } from './executor.ts';
import { layersOf } from './models.ts';

/** Trains one network after the other: the lanes are examples. */
export function prepareTrainer(engine: EngineName, executor: Executor, problem: Problem): Trainer {
  const rules = rulesOf(engine, problem);
  const { batchSize, examples } = problem;
  if (batchSize === examples.count) executor.load(examples);
  return {
    train(trials) {
      const trainings: Training[] = [];
      for (const trial of trials) {
        trainings.push(trainOne(executor, problem, rules, trial));
        if (trainings.at(-1)?.divergence) break;
      }
      return trainings;
    },
    trainAll: (trials) => trials.map((trial) => trainOne(executor, problem, rules, trial)),
  };
}

function trainOne(executor: Executor, problem: Problem, rules: Rules, trial: Trial): Training {
  const { network, model = 'mlp', examples, batchSize, iterations, lossLimit } = problem;
  const layers = layersOf(model, network);
  initialize(problem, trial, layers);
  const w = Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
  const [gradient, velocities] = [new Float32Array(w.length), new Float32Array(w.length)];
  const sizes = layerStepSizes(problem, trial);
  let offset = 0;
  // as the reference engine has them: weights and biases of each layer may have step sizes of their own
  const parts = layers.flatMap(({ weights, biases }, l) =>
    (['weights', 'biases'] as const).map((what) => {
      const start = offset;
      offset += { weights, biases }[what].length;
      return { start, end: offset, update: updateOf(rules, sizes[l][what]) };
    }),
  );
  const batchAt = batchSize < examples.count ? batchesOf(examples.count, batchSize, trial) : undefined;
  const losses = new Float32Array(iterations);
  for (let t = 0; t < iterations; t++) {
    if (batchAt !== undefined) executor.load(examples, batchAt(t));
    const loss = executor.evaluate(w, gradient);
    losses[t] = loss;
    if (!(loss <= lossLimit)) {
      return { losses: losses.subarray(0, t + 1), divergence: { iteration: t + 1, kind: divergenceKind(loss) } };
    }
    for (const { start, end, update } of parts) {
      for (let k = start; k < end; k++) update(w, velocities, k, gradient[k]);
    }
  }
  return { losses, divergence: null };
}
