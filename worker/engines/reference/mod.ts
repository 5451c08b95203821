import { divergenceKind, type Engine, type Training } from '../engine.ts';
import { withGraphs } from '../graph/engine.ts';
import { referenceMachine } from '../graph/reference.ts';
import { emptyLayers, initialize, type Layer } from '../initialize.ts';
import { batchesOf } from '../order.ts';
import { layerStepSizes, type Problem, type Trial } from '../problem.ts';
import { type Rules, rulesOf } from '../rules.ts';
import { ACTIVATION_FUNCTIONS } from './activations.ts';
import { LOSS_FUNCTIONS } from './losses.ts';
import { referenceBatchObjective, referenceObjective } from './objective.ts';
import { type Update, updateOf } from './optimizers.ts';

const f = Math.fround;

/**
 * The plain engine: float32 at every operation, every sum in the order written here and in this folder. It defines what every other engine computes.
 */
const perceptrons: Engine & { name: 'reference' } = {
  name: 'reference',
  label: 'reference',
  lanes: 1,
  objective: referenceObjective,
  batchObjective: referenceBatchObjective,
  prepare(problem) {
    const rules = rulesOf('reference', problem);
    return {
      lanes: 1,
      train(trials) {
        const trainings: Training[] = [];
        for (const trial of trials) {
          trainings.push(trainOne(problem, rules, trial));
          if (trainings.at(-1)?.divergence) break;
        }
        return trainings;
      },
      trainAll: (trials) => trials.map((trial) => trainOne(problem, rules, trial)),
    };
  },
};

export const referenceEngine: Engine = withGraphs(perceptrons, () => referenceMachine);

function trainOne(problem: Problem, rules: Rules, trial: Trial): Training {
  const { network, examples, batchSize, iterations, lossLimit } = problem;
  const layers = emptyLayers(network);
  const velocities = emptyLayers(network);
  initialize(problem, trial, layers);
  const updates = layerStepSizes(problem, trial).map(({ weights, biases }) => ({
    weights: updateOf(rules, weights),
    biases: updateOf(rules, biases),
  }));
  const all = Int32Array.from({ length: examples.count }, (_, i) => i);
  const batchAt = batchSize < examples.count ? batchesOf(examples.count, batchSize, trial) : () => all;
  const losses = new Float32Array(iterations);
  for (let t = 0; t < iterations; t++) {
    const batch = batchAt(t);
    const activations = forward(problem, layers, batch);
    const { loss, deltas } = LOSS_FUNCTIONS[rules.loss](problem, activations[layers.length].h, batch);
    losses[t] = loss;
    if (!(loss <= lossLimit)) {
      return { losses: losses.subarray(0, t + 1), divergence: { iteration: t + 1, kind: divergenceKind(loss) } };
    }
    step(problem, layers, velocities, activations, deltas, updates);
  }
  return { losses, divergence: null };
}

/** Preactivations z and activations h of one layer, [example][unit]; layer 0 has the inputs as h. */
type Values = { z: Float32Array; h: Float32Array };

/** z_l[e][j] = b_l[j] + sum over i ascending of w_l[j][i] h_{l-1}[e][i]; h_l = f(z_l), except for the last layer h_l = z_l */
function forward({ network, examples }: Problem, layers: readonly Layer[], batch: Int32Array): Values[] {
  const x = new Float32Array(batch.length * examples.inputs);
  batch.forEach((example, e) => {
    x.set(examples.x.subarray(example * examples.inputs, (example + 1) * examples.inputs), e * examples.inputs);
  });
  const values: Values[] = [{ z: x, h: x }];
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const previous = values[l].h;
    const z = new Float32Array(batch.length * outputs);
    for (let e = 0; e < batch.length; e++) {
      for (let j = 0; j < outputs; j++) {
        let sum = biases[j];
        for (let i = 0; i < inputs; i++) sum = f(sum + f(previous[e * inputs + i] * weights[j * inputs + i]));
        z[e * outputs + j] = sum;
      }
    }
    const hidden = l < layers.length - 1;
    values.push({ z, h: hidden ? z.map(ACTIVATION_FUNCTIONS[network.activation].value) : z });
  });
  return values;
}

/**
 * Backpropagation and an update of each w and b by its gradient, with
 * g[j][i] = sum over e ascending of delta_l[e][j] h_{l-1}[e][i], from 0;
 * delta_{l-1}[e][i] = (sum over j ascending of w_l[j][i] delta_l[e][j], from 0, w_l from before the update) f'(z_{l-1}[e][i]).
 */
function step(
  { network }: Problem,
  layers: readonly Layer[],
  velocities: readonly Layer[],
  values: readonly Values[],
  lastDeltas: Float32Array,
  updates: readonly { weights: Update; biases: Update }[],
): void {
  const { backward } = ACTIVATION_FUNCTIONS[network.activation];
  let deltas = lastDeltas;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs, outputs, weights, biases } = layers[l];
    const { h, z } = values[l];
    const count = deltas.length / outputs;
    const previous = new Float32Array(count * inputs);
    for (let k = 0; l > 0 && k < previous.length; k++) {
      const e = Math.floor(k / inputs);
      const i = k % inputs;
      let sum = 0;
      for (let j = 0; j < outputs; j++) sum = f(sum + f(weights[j * inputs + i] * deltas[e * outputs + j]));
      previous[k] = backward(sum, h[k], z[k]);
    }
    for (let j = 0; j < outputs; j++) {
      for (let i = 0; i < inputs; i++) {
        let g = 0;
        for (let e = 0; e < count; e++) g = f(g + f(deltas[e * outputs + j] * h[e * inputs + i]));
        updates[l].weights(weights, velocities[l].weights, j * inputs + i, g);
      }
      let g = 0;
      for (let e = 0; e < count; e++) g = f(g + deltas[e * outputs + j]);
      updates[l].biases(biases, velocities[l].biases, j, g);
    }
    deltas = previous;
  }
}
