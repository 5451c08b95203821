import { ACTIVATIONS } from '../../../shared/mod.ts';
import { type BatchObjective, blocksOf, type Direction, type Objective, sizeOf } from '../objective.ts';
import type { FullBatch } from '../problem.ts';
import type { Kernel, Variable } from './kernel.ts';

/** Examples whose values of a unit lie side by side: four vectors of the contract's four partial sums. */
const QUAD = 16;
/** Bytes of a unit's values of a quad. */
const LINE = 4 * QUAD;
/** Directions that pass a block of examples together; the kernel's table holds as many. */
const MOST_SLOTS = 4;

/**
 * Bytes that the values of a block may take, as for training a part of a second-level cache: about three arrays of each unit, and one
 * chunk of inputs.
 */
const BLOCK_BYTES = 192 * 1024;
const LEAST_QUADS = 4;
/**
 * Inputs that the first layer takes at once: a quad's are 16 kB, and stay in the first-level cache while they meet the weights. Of 784
 * and 3072 inputs, between 32 and 1024 at once, this is the fastest or near it.
 */
const CHUNK = 256;

/** The objective on a kernel of its own. Examples are the lanes of a vector, and the four partial sums of the contract those of another. */
export function objectiveOn(kernel: Kernel, problem: FullBatch): Objective {
  const objective = batchObjectiveOn(kernel, problem);
  objective.select(Int32Array.from({ length: problem.examples.count }, (_, e) => e));
  return objective;
}

/** The same for the examples selected, which are copied to the kernel. Its memory grows to the largest batch and stays. */
export function batchObjectiveOn(kernel: Kernel, { network, examples, loss }: FullBatch): BatchObjective {
  const blocks = blocksOf(network);
  const size = sizeOf(blocks);
  const { depth, inputs, width, outputs } = network;
  const chunk = Math.min(inputs, CHUNK);
  const units = blocks.reduce((sum, block) => sum + block.outputs, 0);
  const block = Math.max(LEAST_QUADS, Math.floor(BLOCK_BYTES / (LINE * (3 * units + chunk))));
  const slots = Math.min(depth + 1, MOST_SLOTS);
  const activation = ACTIVATIONS.indexOf(network.activation);
  const isCrossEntropy = loss === 'cross-entropy';

  let laidOut: ReturnType<typeof layOut> | undefined;

  /** For so many examples, which are 0 until they are written. */
  const layOut = (count: number) => {
    const quads = Math.ceil(count / QUAD);
    const shape = [depth, inputs, width, outputs, count, Math.min(block, quads), chunk, slots] as const;
    const layout = () => kernel.layoutObjective(activation, isCrossEntropy, ...shape);
    kernel.reserve(layout, { network, examples: { ...examples, count } });
    // what another layout left would be in places that have to be 0
    if (laidOut !== undefined) new Uint8Array(kernel.memory, kernel.at('inputs')).fill(0);
    const view = (start: Variable, length: number) => new Float32Array(kernel.memory, kernel.at(start), length);
    return {
      count,
      x: view('inputs', quads * QUAD * inputs),
      y: view('targets', quads * QUAD * outputs),
      predictions: view('predictions', quads * QUAD * outputs),
      parameters: view('parameters', size),
      directions: view('directions', slots * size),
    };
  };
  const selected = () => laidOut as ReturnType<typeof layOut>;

  /** where the layers begin that a direction is of, and their numbers in the kernel */
  const rangeOf = (layer: Direction['layer']) =>
    layer === 'all'
      ? { offset: 0, lowest: 1, highest: depth }
      : { offset: blocks[layer].offset, lowest: layer + 1, highest: layer + 1 };
  return {
    blocks,
    size,
    select(rows) {
      if (rows.length !== laidOut?.count) laidOut = layOut(rows.length);
      interleave(examples.x, rows, inputs, chunk, laidOut.x);
      interleave(examples.y, rows, outputs, outputs, laidOut.y);
    },
    loss(w) {
      selected().parameters.set(w);
      return kernel.evaluate(false);
    },
    evaluate(w, gradient) {
      const { parameters, directions } = selected();
      parameters.set(w);
      const loss = kernel.evaluate(true);
      kernel.collect(0, 1, size);
      gradient.set(directions.subarray(0, size));
      return loss;
    },
    multiply(all) {
      const { directions } = selected();
      for (let done = 0; done < all.length; done += slots) {
        const some = all.slice(done, done + slots);
        some.forEach(({ layer, vector, matrix }, slot) => {
          const { offset, lowest, highest } = rangeOf(layer);
          directions.set(vector, slot * size + offset);
          kernel.setRange(slot, lowest, highest, matrix === 'gauss-newton');
        });
        kernel.multiply(some.length);
        some.forEach(({ layer, product }, slot) => {
          const { offset, lowest } = rangeOf(layer);
          kernel.collect(slot, lowest, product.length);
          const start = slot * size + offset;
          product.set(directions.subarray(start, start + product.length));
        });
      }
    },
    outputs(target) {
      const { count, predictions } = selected();
      for (let e = 0; e < count; e++) {
        const k = (e - (e % QUAD)) * outputs + (e % QUAD);
        for (let o = 0; o < outputs; o++) target[e * outputs + o] = predictions[k + QUAD * o];
      }
    },
  };
}

/**
 * Rows of the data 16 at a time, their values side by side, a chunk of columns after the other. The lanes of a group of four that has an
 * example without another repeat the last row; groups without an example stay as they are.
 */
function interleave(data: Float32Array, rows: Int32Array, width: number, chunk: number, target: Float32Array): void {
  const filled = 4 * Math.ceil(rows.length / 4);
  const quads = Math.ceil(rows.length / QUAD);
  for (let e = 0; e < filled; e++) {
    const quad = Math.floor(e / QUAD);
    const row = rows[Math.min(e, rows.length - 1)] * width;
    for (let first = 0; first < width; first += chunk) {
      const length = Math.min(chunk, width - first);
      let k = QUAD * (first * quads + quad * length) + (e % QUAD);
      for (let i = first; i < first + length; i++, k += QUAD) target[k] = data[row + i];
    }
  }
}
