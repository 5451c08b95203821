import type { Activation, Initialization } from '../../../shared/mod.ts';
import { syntheticRegression } from '../../../worker/data/mod.ts';
import { LARGEST_FLOAT32, type Network, type Problem, type Trial } from '../../../worker/engines/mod.ts';

export type Shape = {
  inputs?: number;
  width?: number;
  outputs?: number;
  depth?: number;
  activation?: Activation;
  initialization?: Initialization;
};

export function networkOf(shape: Shape = {}): Network {
  return { inputs: 3, width: 5, outputs: 2, depth: 3, activation: 'tanh', initialization: 'pytorch-default', ...shape };
}

/** A problem on synthetic data. */
export function problemOf(shape: Shape, examples: number, rest: Partial<Omit<Problem, 'network'>> = {}): Problem {
  const network = networkOf(shape);
  const { inputs: dimensions, outputs } = network;
  return {
    network,
    examples: syntheticRegression({ kind: 'synthetic', examples, dimensions, outputs }, 7, 0),
    batchSize: examples,
    iterations: 5,
    lossLimit: LARGEST_FLOAT32,
    ...rest,
  };
}

/** A problem of cross-entropy: example e in class e mod `outputs`; `soft`: the next class has a share too. */
export function classesOf(shape: Shape, count: number, rest: Partial<Problem> = {}, soft = 0): Problem {
  const problem = problemOf({ outputs: 4, ...shape }, count, { loss: 'cross-entropy', ...rest });
  const { examples } = problem;
  const y = new Float32Array(examples.y.length);
  for (let e = 0; e < count; e++) {
    y[e * examples.outputs + (e % examples.outputs)] = 1 - soft;
    y[e * examples.outputs + ((e + 1) % examples.outputs)] += soft;
  }
  return { ...problem, examples: { ...examples, y } };
}

/** A problem on data given in full: rows of inputs and of targets. */
export function problemOn(shape: Shape, x: number[][], y: number[][], rest: Partial<Problem> = {}): Problem {
  const network = networkOf({ ...shape, inputs: x[0].length, outputs: y[0].length });
  return {
    network,
    examples: {
      count: x.length,
      inputs: network.inputs,
      outputs: network.outputs,
      x: Float32Array.from(x.flat()),
      y: Float32Array.from(y.flat()),
    },
    batchSize: x.length,
    iterations: 5,
    lossLimit: LARGEST_FLOAT32,
    ...rest,
  };
}

export function trialOf(stepSize: number, rung = 0): Trial {
  return { seed: 7, run: 0, rung, stepSize };
}
