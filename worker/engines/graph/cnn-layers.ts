import { EdgesweepError } from '../../../shared/mod.ts';
import type { Layer } from '../initialize.ts';
import type { Network } from '../problem.ts';

/** Side of the kernels of both convolutions. */
export const KERNEL = 3;
/** Side of the squares over which an average is taken after each. */
export const POOL = 2;

export type ImageShape = { channels: number; side: number };

/**
 * Images are square and have one channel or three, so their number of pixels tells which: 3 s^2 is no square.
 * @throws EdgesweepError SWEEP_INVALID
 */
export function imageShape(pixels: number): ImageShape {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(pixels / channels);
    if (Number.isInteger(side) && side >= POOL * POOL) return { channels, side };
  }
  throw new EdgesweepError('SWEEP_INVALID', 'a convolutional network needs square images', {
    expected: `s * s or 3 * s * s inputs, s at least ${POOL * POOL}`,
    got: `${pixels} inputs`,
    fix: 'use mnist, fashion-mnist or cifar10',
  });
}

/** Side of an image after a convolution that keeps it ('same' padding) and the average; an odd row or column is left out, as in PyTorch. */
export const pooled = (side: number): number => Math.floor(side / POOL);

/**
 * The parameters of the convolutional network of Cohen et al. 2021, still to be initialised: convolution to `width` channels,
 * convolution to `width` channels, linear layer to the outputs.
 *
 * Weights lie as in PyTorch: of a convolution [channel out][channel in][row][column], of the linear layer
 * [output][channel][row][column]. `inputs` and `outputs` are the fan-in and fan-out that PyTorch's initialisations go by: of a
 * convolution 9 times the channels in, and 9 times the channels out.
 */
export function emptyCnnLayers({ inputs, width, outputs }: Pick<Network, 'inputs' | 'width' | 'outputs'>): Layer[] {
  const { channels, side } = imageShape(inputs);
  const last = pooled(pooled(side));
  return [convolution(channels, width), convolution(width, width), linear(width * last * last, outputs)];
}

function convolution(channelsIn: number, channelsOut: number): Layer {
  const area = KERNEL * KERNEL;
  return {
    inputs: area * channelsIn,
    outputs: area * channelsOut,
    weights: new Float32Array(channelsOut * channelsIn * area),
    biases: new Float32Array(channelsOut),
  };
}

function linear(inputs: number, outputs: number): Layer {
  return { inputs, outputs, weights: new Float32Array(outputs * inputs), biases: new Float32Array(outputs) };
}
