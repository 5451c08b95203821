import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { INITIALIZATIONS, imageShape } from '../../../shared/mod.ts';
import { initialize, layersOf, loadEngine, type Problem } from '../../../worker/engines/mod.ts';
import { gradientsOf } from '../../../worker/engines/tfjs/gradients.ts';
import { LOSSES_OF_TFJS } from '../../../worker/engines/tfjs/losses.ts';
import { MODELS_OF_TFJS } from '../../../worker/engines/tfjs/models.ts';
import { cnnOutputsAt } from './float64-cnn.ts';
import { networkOf, problemOf, trialOf } from './support.ts';

const tfjs = await loadEngine('tfjs');
const IMAGES = { inputs: 3 * 6 * 6, width: 2, outputs: 3, depth: 3, activation: 'tanh' } as const;

type Weights = { weights: number[]; biases: number[] }[];

function initialWeights(problem: Problem): Weights {
  const layers = layersOf('cnn', problem.network);
  initialize(problem, trialOf(0.1), layers);
  return layers.map(({ weights, biases }) => ({ weights: [...weights], biases: [...biases] }));
}

/** The loss of the network written out in loops. */
const lossByHand = (problem: Problem, layers: Weights): number => {
  const outputs = cnnOutputsAt(
    problem,
    layers.flatMap(({ weights, biases }) => [...weights, ...biases]),
  ).flat();
  return outputs.reduce((sum, z, k) => sum + (z - problem.examples.y[k]) ** 2, 0) / outputs.length;
};

describe('the convolutional network', () => {
  it('is the one written out in loops, on images channels x rows x columns, also of odd halves', () => {
    for (const inputs of [3 * 6 * 6, 5 * 5, 8 * 8]) {
      const problem = problemOf({ ...IMAGES, inputs }, 4, { model: 'cnn', iterations: 1 });
      const [{ losses }] = tfjs.prepare(problem).train([trialOf(0.1)]);
      expect(Math.abs(losses[0] / lossByHand(problem, initialWeights(problem)) - 1)).toBeLessThan(1e-5);
    }
  });

  it('takes the step of the gradient by central differences of these loops', () => {
    const problem = problemOf({ ...IMAGES, inputs: 5 * 5 }, 4, { model: 'cnn', iterations: 2 });
    const layers = initialWeights(problem);
    const stepSize = 0.5;
    const slopeOf = (values: number[], i: number): number => {
      const [value, h] = [values[i], 1e-5];
      const losses = [value + h, value - h].map((moved) => {
        values[i] = moved;
        return lossByHand(problem, layers);
      });
      values[i] = value;
      return (losses[0] - losses[1]) / (2 * h);
    };
    const all = layers.flatMap(({ weights, biases }) => [weights, biases]);
    const gradient = all.map((values) => values.map((_, i) => slopeOf(values, i)));
    for (const [a, values] of all.entries()) for (const i of values.keys()) values[i] -= stepSize * gradient[a][i];
    const [{ losses }] = tfjs.prepare(problem).train([trialOf(stepSize)]);
    expect(losses[1] / losses[0]).toBeLessThan(0.96);
    expect(Math.abs(losses[1] / lossByHand(problem, layers) - 1)).toBeLessThan(1e-5);
  });

  it.each(['mse', 'cross-entropy'] as const)('passes many images in blocks, to the same losses: %s', (loss) => {
    const problem = problemOf(IMAGES, 7, { model: 'cnn', iterations: 4, loss });
    const model = MODELS_OF_TFJS.cnn(tf, problem.network);
    expect(model.atOnce).toBeGreaterThan(7);
    const layers = model.layers();
    initialize(problem, trialOf(0.1), layers);
    const [x, y] = [
      model.arrange(tf.tensor(problem.examples.x, [7, IMAGES.inputs])),
      tf.tensor(problem.examples.y, [7, 3]),
    ];
    const variables = model.variables(layers);
    const before = tf.memory().numTensors;
    const whole = gradientsOf(tf, model, variables, LOSSES_OF_TFJS[loss], { x, y });
    const blocks = gradientsOf(tf, { ...model, atOnce: 3 }, variables, LOSSES_OF_TFJS[loss], { x, y });
    // the loss and six gradients, twice
    expect(tf.memory().numTensors).toBe(before + 14);
    expect(Math.abs(blocks.value.dataSync()[0] / whole.value.dataSync()[0] - 1)).toBeLessThan(1e-6);
    for (const [name, gradient] of Object.entries(whole.grads)) {
      const [expected, got] = [gradient.dataSync(), blocks.grads[name].dataSync()];
      const largest = Math.max(...expected.map(Math.abs));
      expect(largest).toBeGreaterThan(1e-3);
      expect(Math.max(...expected.map((g, i) => Math.abs(g - got[i])))).toBeLessThan(1e-5 * largest);
    }
    // 5000 images of 28 x 28 are more than the memory of WebAssembly has room for
    const large = MODELS_OF_TFJS.cnn(tf, networkOf({ inputs: 28 * 28, width: 32, outputs: 10 }));
    expect(large.atOnce).toBeLessThan(500);
  });

  it('learns by gradient descent on its own slope: a small step lowers the loss by step size times the squared gradient', () => {
    const problem = problemOf(IMAGES, 4, { model: 'cnn', iterations: 30, batchSize: 4 });
    const [{ losses, divergence }] = tfjs.prepare(problem).train([trialOf(0.05)]);
    expect(divergence).toBeNull();
    for (let t = 1; t < 30; t++) expect(losses[t]).toBeLessThan(losses[t - 1]);
    // batches and cross-entropy too
    const stochastic = { ...problem, batchSize: 3, loss: 'cross-entropy' as const, iterations: 3 };
    expect(tfjs.prepare(stochastic).train([trialOf(0.05)])[0].losses).toHaveLength(3);
  });

  it.each(INITIALIZATIONS)('has the fan-in and fan-out of PyTorch: %s', (initialization) => {
    const network = networkOf({ inputs: 28 * 28, width: 32, outputs: 10, initialization });
    const layers = layersOf('cnn', network);
    expect(layers.map(({ weights }) => weights.length)).toEqual([32 * 9, 32 * 32 * 9, 10 * 32 * 7 * 7]);
    initialize({ network }, trialOf(0.1), layers);
    const fans = [
      [9, 288],
      [288, 288],
      [1568, 10],
    ];
    layers.forEach(({ weights, biases }, l) => {
      const [fanIn, fanOut] = fans[l];
      const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
      const expected = {
        'pytorch-default': 1 / (3 * fanIn),
        'xavier-uniform': 2 / (fanIn + fanOut),
        'xavier-normal': 2 / (fanIn + fanOut),
        'kaiming-uniform': 2 / fanIn,
        'kaiming-normal': 2 / fanIn,
      }[initialization];
      // the first layer has 288 weights
      expect(Math.abs(variance / expected - 1)).toBeLessThan(l === 0 ? 0.3 : 0.06);
      expect(biases.some((b) => b !== 0)).toBe(initialization === 'pytorch-default');
    });
  });

  it('takes images of one channel or of three, and nothing else', () => {
    expect(imageShape(784)).toEqual({ channels: 1, side: 28 });
    expect(imageShape(3072)).toEqual({ channels: 3, side: 32 });
    expect(() => imageShape(10)).toThrow('square images');
  });
});
