import { ACTIVATIONS } from '../../../shared/mod.ts';
import { blocksOf, type Direction, type Objective, sizeOf } from '../objective.ts';
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
export function objectiveOn(kernel: Kernel, { network, examples, loss }: FullBatch): Objective {
  const blocks = blocksOf(network);
  const size = sizeOf(blocks);
  const { count } = examples;
  const quads = Math.ceil(count / QUAD);
  const { depth, inputs, width, outputs } = network;
  const chunk = Math.min(inputs, CHUNK);
  const units = blocks.reduce((sum, block) => sum + block.outputs, 0);
  const block = Math.max(LEAST_QUADS, Math.floor(BLOCK_BYTES / (LINE * (3 * units + chunk))));
  const slots = Math.min(depth + 1, MOST_SLOTS);
  const activation = ACTIVATIONS.indexOf(network.activation);
  const isCrossEntropy = loss === 'cross-entropy';
  const shape = [depth, inputs, width, outputs, count, Math.min(block, quads), chunk, slots] as const;
  kernel.reserve(() => kernel.layoutObjective(activation, isCrossEntropy, ...shape), { network, examples });
  const view = (start: Variable, length: number) => new Float32Array(kernel.memory, kernel.at(start), length);
  interleave(examples.x, count, inputs, chunk, view('inputs', quads * QUAD * inputs));
  interleave(examples.y, count, outputs, outputs, view('targets', quads * QUAD * outputs));
  const predictions = view('predictions', quads * QUAD * outputs);
  const parameters = view('parameters', size);
  const directions = view('directions', slots * size);

  /** where the layers begin that a direction is of, and their numbers in the kernel */
  const rangeOf = (layer: Direction['layer']) =>
    layer === 'all'
      ? { offset: 0, lowest: 1, highest: depth }
      : { offset: blocks[layer].offset, lowest: layer + 1, highest: layer + 1 };
  return {
    blocks,
    size,
    loss(w) {
      parameters.set(w);
      return kernel.evaluate(false);
    },
    evaluate(w, gradient) {
      parameters.set(w);
      const loss = kernel.evaluate(true);
      kernel.collect(0, 1, size);
      gradient.set(directions.subarray(0, size));
      return loss;
    },
    multiply(all) {
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
      for (let e = 0; e < count; e++) {
        const k = (e - (e % QUAD)) * outputs + (e % QUAD);
        for (let o = 0; o < outputs; o++) target[e * outputs + o] = predictions[k + QUAD * o];
      }
    },
  };
}

/**
 * Rows 16 at a time, their values side by side, a chunk of columns after the other. The lanes of a group of four that has an example
 * without another repeat the last row; groups without an example stay 0.
 */
function interleave(rows: Float32Array, count: number, width: number, chunk: number, target: Float32Array): void {
  const filled = 4 * Math.ceil(count / 4);
  const quads = Math.ceil(count / QUAD);
  for (let e = 0; e < filled; e++) {
    const quad = Math.floor(e / QUAD);
    const row = Math.min(e, count - 1) * width;
    for (let first = 0; first < width; first += chunk) {
      const length = Math.min(chunk, width - first);
      let k = QUAD * (first * quads + quad * length) + (e % QUAD);
      for (let i = first; i < first + length; i++, k += QUAD) target[k] = rows[row + i];
    }
  }
}
