import { ACTIVATIONS } from '../../../shared/mod.ts';
import { divergenceKind, type Engine, type Problem, type Training, type Trial } from '../engine.ts';
import { emptyLayers, initialize, type Layer, layerShapes } from '../initialize.ts';
import { shuffle } from '../order.ts';
import { type Rules, rulesOf } from '../rules.ts';
import { address, grow, instantiate, type Kernel } from './kernel.ts';
import { simdObjective } from './objective.ts';
import { layOutProjection, projectionOf } from './projection.ts';

const LANES = 4;
/** iterations between two returns from the kernel */
const CHUNK = 1024;
/**
 * Bytes that the activations and deltas of a block may take: a part of a second-level cache. Smaller blocks, which stay in the first
 * level, are slower: each block loads and stores all gradients.
 */
const BLOCK_BYTES = 192 * 1024;
/** bytes of inputs and targets that are spread over the lanes at once */
const WINDOW_BYTES = 1 << 20;
/** Inputs up to which the first layer takes all at once; beyond, bytes of its weights that it takes at once. */
const FEW_INPUTS = 256;
const CHUNK_BYTES = 16 * 1024;
/** their places are their numbers in the kernel */
const OPTIMIZERS: readonly Rules['optimizer'][] = ['sgd', 'momentum', 'nesterov'];

/**
 * AssemblyScript, four trials at a time, a lane each: every lane does what the reference engine does, in the same order, so the bits
 * are the same.
 */
export function createSimdEngine(): Engine {
  // one instance for all problems of this engine: its memory grows to the largest and stays
  const kernel = instantiate();
  return {
    name: 'simd',
    label: 'simd',
    lanes: LANES,
    prepare: (problem) => prepare(kernel, problem),
    objective: simdObjective,
  };
}

function prepare(kernel: Kernel, problem: Problem) {
  const { network, examples } = problem;
  const rules = rulesOf('simd', problem);
  const activation = ACTIVATIONS.indexOf(network.activation);
  const chunk = Math.min(problem.iterations, CHUNK);
  const size = kernel.layout(
    network.depth,
    network.inputs,
    network.width,
    network.outputs,
    examples.count,
    blockSize(problem),
    windowSize(problem),
    inputChunk(problem),
    chunk,
    network.activation === 'gelu',
    rules.optimizer !== 'sgd',
  );
  const bytes = layOutProjection(kernel, size, problem);
  grow(kernel.memory, bytes, problem);
  const { buffer } = kernel.memory;
  new Float32Array(buffer, address(kernel.x.value), examples.x.length).set(examples.x);
  new Float32Array(buffer, address(kernel.y.value), examples.y.length).set(examples.y);
  const layers = emptyLayers(network);
  const project = projectionOf(kernel, problem);
  const order = new Int32Array(examples.count);
  const losses = new Float32Array(buffer, address(kernel.losses.value), LANES * chunk);
  const shuffled = problem.batchSize < examples.count;
  const batches = Math.ceil(examples.count / problem.batchSize);

  const trainLanes = (trials: readonly Trial[]): Training[] => {
    // a lane without a trial repeats the last one, and is not looked at
    const lane = (l: number) => trials[Math.min(l, trials.length - 1)];
    for (let l = 0; l < LANES; l++) {
      if (l < trials.length) initialize(problem, trials[l], layers, project);
      writeWeights(kernel, layers, l);
    }
    kernel.setStepSizes(lane(0).stepSize, lane(1).stepSize, lane(2).stepSize, lane(3).stepSize);
    kernel.setLoss(rules.loss === 'cross-entropy');
    kernel.setOptimizer(OPTIMIZERS.indexOf(rules.optimizer), rules.momentum);
    kernel.rest();
    kernel.forget();
    const trainings = trials.map(() => new Float32Array(problem.iterations));
    let done = 0;
    let batch = 0;
    while (done < problem.iterations) {
      if (shuffled && batch === 0) {
        writeOrder(kernel, order, lane, Math.floor(done / batches));
        kernel.forget();
      }
      const asked = Math.min(problem.iterations - done, chunk, shuffled ? batches - batch : chunk);
      const start = batch * problem.batchSize;
      const got = kernel.train(activation, start, asked, problem.batchSize, shuffled, problem.lossLimit);
      trainings.forEach((target, l) => {
        for (let t = 0; t < got; t++) target[done + t] = losses[LANES * t + l];
      });
      done += got;
      batch = (batch + got) % batches;
      if (got < asked) break;
    }
    return verdicts(trainings, done, problem.lossLimit);
  };

  return {
    train(trials: readonly Trial[]): Training[] {
      const trainings: Training[] = [];
      for (let i = 0; i < trials.length && !trainings.at(-1)?.divergence; i += LANES) {
        trainings.push(...trainLanes(trials.slice(i, i + LANES)));
      }
      return trainings;
    },
  };
}

/** Cuts each lane's losses at its divergence, and the lanes at the first that diverged. */
function verdicts(lanes: readonly Float32Array[], iterations: number, lossLimit: number): Training[] {
  const trainings: Training[] = [];
  for (const losses of lanes) {
    let t = 0;
    while (t < iterations && losses[t] <= lossLimit) t++;
    if (t < iterations) {
      const divergence = { iteration: t + 1, kind: divergenceKind(losses[t]) };
      trainings.push({ losses: losses.subarray(0, t + 1), divergence });
      break;
    }
    trainings.push({ losses, divergence: null });
  }
  return trainings;
}

/** Examples that pass through the layers together: a multiple of 4, the tile, and blocks of about equal size. */
function blockSize({ network, examples, batchSize }: Problem): number {
  const units = layerShapes(network).reduce((sum, { outputs }) => sum + outputs, 0);
  const bytesPerExample = 4 * LANES * 2 * units;
  const most = Math.max(4, 4 * Math.floor(BLOCK_BYTES / bytesPerExample / 4));
  const size = Math.min(batchSize, examples.count);
  const blocks = Math.ceil(size / most);
  return Math.min(size, 4 * Math.ceil(size / blocks / 4));
}

function windowSize(problem: Problem): number {
  const { count, inputs, outputs } = problem.examples;
  const fits = Math.floor(WINDOW_BYTES / (4 * LANES * (inputs + outputs)));
  return Math.min(count, Math.max(blockSize(problem), fits));
}

/** Sums over inputs are in the same order whatever the chunks, so these change the speed and never a bit. */
function inputChunk({ network }: Problem): number {
  const { inputs, outputs } = layerShapes(network)[0];
  return inputs <= FEW_INPUTS ? inputs : Math.max(16, 4 * Math.floor(CHUNK_BYTES / (4 * LANES * outputs) / 4));
}

/** Weights lie [input][output] in the kernel, then the biases, the lanes side by side. */
function writeWeights(kernel: Kernel, layers: readonly Layer[], lane: number): void {
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const start = address(kernel.weights(l + 1));
    const target = new Float32Array(kernel.memory.buffer, start, LANES * (inputs + 1) * outputs);
    for (let j = 0; j < outputs; j++) {
      for (let i = 0; i < inputs; i++) target[LANES * (i * outputs + j) + lane] = weights[j * inputs + i];
      target[LANES * (inputs * outputs + j) + lane] = biases[j];
    }
  });
}

function writeOrder(kernel: Kernel, order: Int32Array, trialOf: (lane: number) => Trial, pass: number): void {
  const target = new Int32Array(kernel.memory.buffer, address(kernel.order.value), LANES * order.length);
  for (let l = 0; l < LANES; l++) {
    shuffle(order, trialOf(l), pass);
    for (let i = 0; i < order.length; i++) target[LANES * i + l] = order[i];
  }
}
