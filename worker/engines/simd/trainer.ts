import { ACTIVATION_FACTS, ACTIVATIONS } from '../../../shared/mod.ts';
import { divergenceKind, type Trainer, type Training } from '../engine.ts';
import { layerShapes, layerStepSizes, type Problem, type Trial } from '../problem.ts';
import { type Rules, rulesOf } from '../rules.ts';
import { nameStreams } from './graph.ts';
import type { Kernel } from './kernel.ts';
import { parametersOf } from './parameters.ts';
import { layOutProjection } from './projection.ts';

/** iterations between two returns from the kernel */
const CHUNK = 1024;
/**
 * Bytes that the activations and deltas of a block may take: a part of a second-level cache. Smaller blocks, which stay in the first
 * level, are slower: each block loads and stores all gradients.
 */
const BLOCK_BYTES = 128 * 1024;
/**
 * Examples that a block should have even where they take more, up to a whole second-level cache: with fewer, wide networks spend their time
 * on loading and storing weights and gradients.
 */
const FEW_EXAMPLES = 36;
const MOST_BLOCK_BYTES = 1 << 20;
/** bytes of inputs and targets that are spread over the lanes at once */
const WINDOW_BYTES = 1 << 20;
/** Inputs up to which the first layer takes all at once; beyond, bytes of its weights that it takes at once. */
const FEW_INPUTS = 256;
const CHUNK_BYTES = 16 * 1024;
/**
 * Units of a hidden layer from which on the lanes are units of one network: where a batch has few examples, exchanging rows and columns of the
 * weights takes as long as the products with them, unless they are in no cache anyway.
 */
const WIDE = 128;
const EXAMPLES_ACROSS = 16;
const VERY_WIDE = 512;
/** Bytes of activations and deltas of a block of one network, and examples that it should have even where they take more. */
const BLOCK_BYTES_ACROSS = 512 * 1024;
const FEW_ACROSS = 128;
/** their places are their numbers in the kernel */
const OPTIMIZERS: readonly Rules['optimizer'][] = ['sgd', 'momentum', 'nesterov'];

/** Is one network at a time faster? It does without the rest of a group's trials, and the weights of a wide one stay in a cache. */
export function isAcross({ network, batchSize, examples }: Problem): boolean {
  if (network.depth === 1) return false;
  const fewest = Math.min(batchSize, examples.count) < EXAMPLES_ACROSS ? VERY_WIDE : WIDE;
  return network.width >= fewest;
}

/**
 * A trainer of one problem on a kernel; it is good until the kernel's next problem. It trains as many trials at a time as the kernel has lanes, or
 * `across` one, whose units are the lanes.
 */
export function prepareTrainer(engine: 'simd' | 'native', kernel: Kernel, problem: Problem, across: boolean): Trainer {
  const { network, examples } = problem;
  const { lanes } = kernel;
  const rules = rulesOf(engine, problem);
  const activation = ACTIVATIONS.indexOf(network.activation);
  const chunk = Math.min(problem.iterations, CHUNK);
  kernel.reserve(() => {
    const end = kernel.layout(
      network.depth,
      network.inputs,
      network.width,
      network.outputs,
      examples.count,
      across ? blockAcross(problem) : blockSize(problem, lanes),
      windowSize(problem, lanes),
      inputChunk(problem, lanes),
      chunk,
      ACTIVATION_FACTS[network.activation].keepsPreactivation,
      rules.optimizer !== 'sgd',
      across,
    );
    return layOutProjection(kernel, end, problem);
  }, problem);
  const buffer = kernel.memory;
  new Float32Array(buffer, kernel.at('x'), examples.x.length).set(examples.x);
  new Float32Array(buffer, kernel.at('y'), examples.y.length).set(examples.y);
  const draw = parametersOf(kernel, problem, across);
  const losses = new Float32Array(buffer, kernel.at('trainings'), lanes * chunk);
  const stepSizes = new Float32Array(buffer, kernel.at('stepSizes'), 2 * network.depth * lanes);
  const streams = new Uint32Array(buffer, kernel.at('streams'), 4 * lanes);
  const shuffled = problem.batchSize < examples.count;
  const batches = Math.ceil(examples.count / problem.batchSize);

  const together = across ? 1 : lanes;

  const trainLanes = (trials: readonly Trial[], isSearch: boolean): Training[] => {
    // a lane without a trial repeats the last one, and is not looked at
    const lane = (l: number) => trials[Math.min(l, trials.length - 1)];
    for (let l = 0; l < lanes; l++) {
      layerStepSizes(problem, lane(l)).forEach(({ weights, biases }, layer) => {
        stepSizes[2 * layer * lanes + l] = weights;
        stepSizes[(2 * layer + 1) * lanes + l] = biases;
      });
    }
    nameStreams(
      streams,
      Array.from({ length: lanes }, (_, l) => lane(l)),
    );
    draw(trials);
    kernel.setLoss(rules.loss === 'cross-entropy');
    kernel.setSearch(isSearch);
    kernel.setOptimizer(OPTIMIZERS.indexOf(rules.optimizer), rules.momentum);
    kernel.rest();
    kernel.forget();
    const trainings = trials.map(() => new Float32Array(problem.iterations));
    let done = 0;
    let batch = 0;
    while (done < problem.iterations) {
      if (shuffled && batch === 0) {
        kernel.shuffle(Math.floor(done / batches));
        kernel.forget();
      }
      const asked = Math.min(problem.iterations - done, chunk, shuffled ? batches - batch : chunk);
      const start = batch * problem.batchSize;
      const got = kernel.train(activation, start, asked, problem.batchSize, shuffled, problem.lossLimit);
      trainings.forEach((target, l) => {
        target.set(losses.subarray(chunk * l, chunk * l + got), done);
      });
      done += got;
      batch = (batch + got) % batches;
      if (got < asked) break;
    }
    return verdicts(trainings, done, problem.lossLimit, isSearch);
  };

  return {
    lanes: together,
    train(trials: readonly Trial[]): Training[] {
      const trainings: Training[] = [];
      for (let i = 0; i < trials.length && !trainings.at(-1)?.divergence; i += together) {
        trainings.push(...trainLanes(trials.slice(i, i + together), true));
      }
      return trainings;
    },
    trainAll(trials) {
      const trainings: Training[] = [];
      for (let i = 0; i < trials.length; i += together) {
        trainings.push(...trainLanes(trials.slice(i, i + together), false));
      }
      return trainings;
    },
  };
}

/** Cuts each lane's losses at its divergence, and those of a search at the first lane that diverged. */
function verdicts(lanes: readonly Float32Array[], done: number, lossLimit: number, isSearch: boolean): Training[] {
  const trainings: Training[] = [];
  for (const losses of lanes) {
    let t = 0;
    while (t < done && losses[t] <= lossLimit) t++;
    const diverged = t < done;
    trainings.push(
      diverged
        ? { losses: losses.subarray(0, t + 1), divergence: { iteration: t + 1, kind: divergenceKind(losses[t]) } }
        : { losses, divergence: null },
    );
    if (diverged && isSearch) break;
  }
  return trainings;
}

/** Of one network: blocks of about equal size, and large ones, for each loads and stores all gradients. */
function blockAcross({ network, examples, batchSize }: Problem): number {
  const units = layerShapes(network).reduce((sum, { outputs }) => sum + outputs, 0);
  const most = Math.max(FEW_ACROSS, Math.floor(BLOCK_BYTES_ACROSS / (8 * units)));
  const size = Math.min(batchSize, examples.count);
  const blocks = Math.ceil(size / most);
  return Math.min(size, 4 * Math.ceil(size / blocks / 4));
}

/** Examples that pass through the layers together: a multiple of 4, the tile, and blocks of about equal size. */
function blockSize({ network, examples, batchSize }: Problem, lanes: number): number {
  const units = layerShapes(network).reduce((sum, { outputs }) => sum + outputs, 0);
  const bytesPerExample = 4 * lanes * 2 * units;
  const fitting = (bytes: number) => 4 * Math.floor(bytes / bytesPerExample / 4);
  const most = Math.max(4, fitting(BLOCK_BYTES), Math.min(FEW_EXAMPLES, fitting(MOST_BLOCK_BYTES)));
  const size = Math.min(batchSize, examples.count);
  const blocks = Math.ceil(size / most);
  return Math.min(size, 4 * Math.ceil(size / blocks / 4));
}

function windowSize(problem: Problem, lanes: number): number {
  const { count, inputs, outputs } = problem.examples;
  const fits = Math.floor(WINDOW_BYTES / (4 * lanes * (inputs + outputs)));
  return Math.min(count, Math.max(blockSize(problem, lanes), fits));
}

/** Sums over inputs are in the same order whatever the chunks, so these change the speed and never a bit. */
function inputChunk({ network }: Problem, lanes: number): number {
  const { inputs, outputs } = layerShapes(network)[0];
  return inputs <= FEW_INPUTS ? inputs : Math.max(16, 4 * Math.floor(CHUNK_BYTES / (4 * lanes * outputs) / 4));
}
