import { imageShape } from '../../../shared/mod.ts';
import type { Problem } from '../../../worker/engines/mod.ts';
import { FUNCTIONS } from './float64-mlp.ts';

/**
 * The outputs of the convolutional network written out in loops, channels first, in float64, by example; parameters as PyTorch's `parameters()`
 * has them.
 */
export function cnnOutputsAt({ network, examples }: Problem, w: ArrayLike<number>): number[][] {
  const { channels, side } = imageShape(network.inputs);
  const { width, outputs, activation } = network;
  return Array.from({ length: examples.count }, (_, e) => {
    let image = Array.from(examples.x.subarray(e * network.inputs, (e + 1) * network.inputs));
    let [depth, size, offset] = [channels, side, 0];
    const take = (length: number) => {
      offset += length;
      return Array.from({ length }, (_, i) => w[offset - length + i]);
    };
    for (let l = 0; l < 2; l++) {
      image = convolveAndPool(image, depth, size, take(width * depth * 9), take(width), FUNCTIONS[activation]);
      depth = width;
      size = Math.floor(size / 2);
    }
    const [weights, biases] = [take(outputs * image.length), take(outputs)];
    const z = biases.map((bias, o) =>
      image.reduce((sum, value, i) => sum + weights[o * image.length + i] * value, bias),
    );
    return z;
  });
}

function convolveAndPool(
  image: number[],
  depth: number,
  side: number,
  weights: number[],
  biases: number[],
  activation: (z: number) => number,
) {
  const half = Math.floor(side / 2);
  const at = (c: number, y: number, x: number) =>
    y < 0 || x < 0 || y >= side || x >= side ? 0 : image[(c * side + y) * side + x];
  const h = (o: number, y: number, x: number) => {
    let sum = biases[o];
    for (let c = 0; c < depth; c++) {
      for (let i = 0; i < 9; i++) {
        sum += weights[(o * depth + c) * 9 + i] * at(c, y + Math.floor(i / 3) - 1, x + (i % 3) - 1);
      }
    }
    return activation(sum);
  };
  return Array.from({ length: biases.length * half * half }, (_, k) => {
    const [o, y, x] = [Math.floor(k / half / half), 2 * (Math.floor(k / half) % half), 2 * (k % half)];
    return (h(o, y, x) + h(o, y, x + 1) + h(o, y + 1, x) + h(o, y + 1, x + 1)) / 4;
  });
}
