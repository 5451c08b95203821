import { ACTIVATIONS } from '../../../shared/mod.ts';
import { type Block, blocksOf, type FullBatch, LANES, type Objective, sizeOf } from '../objective.ts';
import { address, grow, instantiate } from './kernel.ts';

/** Arrays of the kernel, see `assembly/objective-memory.ts`. */
const WEIGHTS = 1;
const DIRECTION = 2;
const INPUTS = 4;

/** Bytes of values that pass through the layers together: as for training, a part of a second-level cache. */
const BLOCK_BYTES = 192 * 1024;

/** The objective in AssemblyScript: the four partial sums of the contract are the lanes of a vector. */
export function simdObjective({ network, examples }: FullBatch): Objective {
  const kernel = instantiate();
  const blocks = blocksOf(network);
  const size = sizeOf(blocks);
  const groups = Math.ceil(examples.count / LANES);
  const units = network.inputs + blocks.reduce((sum, { outputs }) => sum + outputs, 0);
  const block = Math.max(1, Math.min(groups, Math.floor(BLOCK_BYTES / (16 * 3 * units))));
  const { depth, inputs, width, outputs } = network;
  grow(kernel.memory, kernel.layoutObjective(depth, inputs, width, outputs, groups, block), { network, examples });
  kernel.setExamples(examples.count);
  const { buffer } = kernel.memory;
  interleave(
    examples.x,
    examples.count,
    inputs,
    new Float32Array(buffer, address(kernel.at(INPUTS, 0)), 4 * groups * inputs),
  );
  interleave(
    examples.y,
    examples.count,
    outputs,
    new Float32Array(buffer, address(kernel.targets.value), 4 * groups * outputs),
  );
  const flat = new Float32Array(buffer, address(kernel.flat.value), size);
  const activation = ACTIVATIONS.indexOf(network.activation);

  const spread = (array: number, chosen: readonly [number, Block][]) => {
    for (const [l, { offset }] of chosen) kernel.spread(array, l + 1, offset);
  };
  const all = [...blocks.entries()];
  const lossAt = (w: Float32Array, withGradient: boolean): number => {
    flat.set(w);
    spread(WEIGHTS, all);
    return kernel.evaluate(activation, withGradient);
  };
  return {
    blocks,
    size,
    loss: (w) => lossAt(w, false),
    evaluate(w, gradient) {
      const loss = lossAt(w, true);
      for (const [l, { offset }] of all) kernel.collect(l + 1, offset);
      gradient.set(flat);
      return loss;
    },
    multiply(directions) {
      for (const { layer, vector, product } of directions) {
        const chosen = layer === 'all' ? all : [all[layer]];
        const { offset } = chosen[0][1];
        flat.set(vector, offset);
        spread(DIRECTION, chosen);
        kernel.multiply(chosen[0][0] + 1, chosen[chosen.length - 1][0] + 1);
        for (const [l, block] of chosen) kernel.collect(l + 1, block.offset);
        product.set(flat.subarray(offset, offset + product.length));
      }
    },
  };
}

/** Rows four at a time, their values side by side; the last row again where there is none. */
function interleave(rows: Float32Array, count: number, width: number, target: Float32Array): void {
  for (let k = 0; k < target.length; k++) {
    const lane = k % LANES;
    const i = Math.floor(k / LANES) % width;
    const e = Math.min(count - 1, Math.floor(k / (LANES * width)) * LANES + lane);
    target[k] = rows[e * width + i];
  }
}
