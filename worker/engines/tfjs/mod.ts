import { EdgesweepError } from '../../../shared/mod.ts';
import { divergenceKind, type Engine, type Training } from '../engine.ts';
import { initialize } from '../initialize.ts';
import { shuffle } from '../order.ts';
import type { Problem, Trial } from '../problem.ts';
import { type Backend, loadBackend, type Tf } from './backend.ts';
import { type Batch, gradientsOf } from './gradients.ts';
import { LOSSES_OF_TFJS } from './losses.ts';
import { MODELS_OF_TFJS, type TfjsModel } from './models.ts';
import { disposeOptimizer, optimizerOf } from './optimizers.ts';

export { type Backend, chooseBackend, loadBackend } from './backend.ts';

/**
 * The engine on TensorFlow.js, a second opinion on the others: it shares the data, the initial weights and the order of the examples
 * with them, and no arithmetic. Gradients are those of its automatic differentiation.
 */
export async function tfjsEngine(): Promise<Engine> {
  return engineOn(await loadBackend());
}

function engineOn({ tf, name }: Backend): Engine {
  let data: Batch | undefined;
  return {
    name: 'tfjs',
    label: `tfjs (${name})`,
    lanes: 1,
    prepare(problem) {
      const { network, examples, model: kind = 'mlp' } = problem;
      if (!(kind in MODELS_OF_TFJS)) throw missingModel(kind);
      const model = MODELS_OF_TFJS[kind as keyof typeof MODELS_OF_TFJS](tf, network);
      if (data !== undefined) tf.dispose(data);
      const prepared = tf.tidy(() => ({
        x: model.arrange(tf.tensor(examples.x, [examples.count, examples.inputs])),
        y: tf.tensor(examples.y, [examples.count, examples.outputs]),
      }));
      data = prepared;
      return {
        lanes: 1,
        train(trials) {
          const trainings: Training[] = [];
          for (const trial of trials) {
            trainings.push(trainOne(tf, problem, model, prepared, trial));
            if (trainings.at(-1)?.divergence) break;
          }
          return trainings;
        },
        trainAll: (trials) => trials.map((trial) => trainOne(tf, problem, model, prepared, trial)),
      };
    },
    objective: refuseTrajectory,
    batchObjective: refuseTrajectory,
  };
}

function refuseTrajectory(): never {
  throw new EdgesweepError('SWEEP_INVALID', 'TensorFlow.js does not support trajectories', {
    expected: 'engine simd or reference',
    got: 'engine tfjs',
    fix: 'write `engine: simd`, or --engine simd',
  });
}

function trainOne(tf: Tf, problem: Problem, model: TfjsModel, data: Batch, trial: Trial): Training {
  const { examples, batchSize, iterations, lossLimit, loss: lossName = 'mse' } = problem;
  const layers = model.layers();
  initialize(problem, trial, layers);
  if (problem.stepFactors !== undefined || trial.layers !== undefined) throw missingFactors();
  const variables = tf.tidy(() => model.variables(layers));
  const rule = problem.optimizer ?? { kind: 'sgd' };
  const optimizer = optimizerOf(tf, rule, Math.fround(trial.stepSize));
  const lossOf = LOSSES_OF_TFJS[lossName];
  const losses = new Float32Array(iterations);
  const nextBatch = batches(tf, data, examples.count, batchSize, trial);
  try {
    for (let t = 0; t < iterations; t++) {
      const loss = tf.tidy(() => {
        const { value, grads } = gradientsOf(tf, model, variables, lossOf, nextBatch());
        const [before] = value.dataSync();
        if (before <= lossLimit) optimizer.applyGradients(grads);
        return before;
      });
      losses[t] = loss;
      if (!(loss <= lossLimit)) {
        return { losses: losses.slice(0, t + 1), divergence: { iteration: t + 1, kind: divergenceKind(loss) } };
      }
    }
    return { losses, divergence: null };
  } finally {
    disposeOptimizer(tf, optimizer, rule);
    tf.dispose(variables);
  }
}

function missingModel(got: string): EdgesweepError {
  return new EdgesweepError('SWEEP_INVALID', 'TensorFlow.js does not have this model', {
    expected: Object.keys(MODELS_OF_TFJS).join(' or '),
    got,
    fix: 'write `engine: auto`, or --engine auto',
  });
}

function missingFactors(): EdgesweepError {
  return new EdgesweepError('SWEEP_INVALID', 'TensorFlow.js does not support step sizes of layers', {
    expected: 'engine native, simd or reference',
    got: 'engine tfjs',
    fix: 'write `engine: simd`, or --engine simd',
  });
}

/** The examples of one step after another: all of them, or the next ones of a pass in its order. */
function batches(tf: Tf, data: Batch, count: number, batchSize: number, trial: Trial): () => Batch {
  if (batchSize === count) return () => data;
  const order = new Int32Array(count);
  let position = 0;
  let pass = 0;
  return () => {
    if (position === 0) shuffle(order, trial, pass++);
    const chosen = tf.tensor1d(order.slice(position, position + batchSize), 'int32');
    position = position + batchSize < count ? position + batchSize : 0;
    return { x: tf.gather(data.x, chosen), y: tf.gather(data.y, chosen) };
  };
}
