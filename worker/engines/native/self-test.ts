import type { Engine } from '../engine.ts';
import { layersOf } from '../graph/models.ts';
import { initialize } from '../initialize.ts';
import type { Problem, Trial } from '../problem.ts';
import { referenceEngine } from '../reference/mod.ts';

const EXAMPLES = 7;
const INPUTS = 4;
const OUTPUTS = 3;

/** Small numbers whose products have no exact float32, so that a fused multiply-add would show. */
const numbers = (count: number, step: number) => Float32Array.from({ length: count }, (_, i) => ((i * step) % 2) - 0.9);

const PROBLEM: Problem = {
  network: {
    inputs: INPUTS,
    width: 5,
    outputs: OUTPUTS,
    depth: 3,
    activation: 'tanh',
    initialization: 'pytorch-default',
  },
  examples: {
    count: EXAMPLES,
    inputs: INPUTS,
    outputs: OUTPUTS,
    x: numbers(EXAMPLES * INPUTS, 0.37),
    y: numbers(EXAMPLES * OUTPUTS, 0.73).map(Math.abs),
  },
  batchSize: EXAMPLES,
  iterations: 5,
  lossLimit: 1e30,
};

const PROBLEMS: readonly Problem[] = [
  PROBLEM,
  { ...PROBLEM, network: { ...PROBLEM.network, activation: 'gelu' }, loss: 'cross-entropy' },
  { ...PROBLEM, batchSize: 3, optimizer: { kind: 'nesterov', momentum: 0.9 } },
];

/** Does the engine give the reference's bits for a few small trainings, in every lane, and for an objective? */
export function passesSelfTest(engine: Engine): boolean {
  const trials = Array.from(
    { length: engine.lanes },
    (_, rung): Trial => ({ seed: 1, run: 0, rung, stepSize: 0.1 + 0.01 * rung }),
  );
  const trainings = (of: Engine) => JSON.stringify(PROBLEMS.map((problem) => of.prepare(problem).trainAll(trials)));
  return trainings(engine) === trainings(referenceEngine) && products(engine) === products(referenceEngine);
}

/** Images of 4 x 4, and five tokens of three. */
const GRAPHS: readonly Problem[] = (
  [
    ['cnn', 16, 3],
    ['transformer', 15, 9],
  ] as const
).map(([model, inputs, outputs]) => ({
  ...PROBLEM,
  model,
  network: { ...PROBLEM.network, width: 4, inputs, outputs, ...(model === 'transformer' && { vocabulary: 3 }) },
  examples: {
    count: EXAMPLES,
    inputs,
    outputs,
    x: numbers(EXAMPLES * inputs, 0.37),
    y: numbers(EXAMPLES * outputs, 0.73).map(Math.abs),
  },
}));

/** The same of networks that are graphs. */
export function passesGraphTest(engine: Engine): boolean {
  const results = (of: Engine) => JSON.stringify(GRAPHS.map((problem) => productsOf(of, problem)));
  return results(engine) === results(referenceEngine);
}

function products(engine: Engine): string {
  return JSON.stringify((['mse', 'cross-entropy'] as const).map((loss) => productsOf(engine, { ...PROBLEM, loss })));
}

function productsOf(engine: Engine, { network, model = 'mlp', examples, loss: kind }: Problem): number[][] {
  const layers = layersOf(model, network);
  initialize({ network }, { seed: 1, run: 0, rung: 0, stepSize: 0 }, layers);
  const w = Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
  const objective = engine.objective({ network, model, examples, loss: kind });
  const gradient = new Float32Array(w.length);
  const [hessian, gaussNewton] = [0, 1].map(() => new Float32Array(w.length));
  const loss = objective.evaluate(w, gradient);
  objective.multiply([
    { layer: 'all', vector: gradient, product: hessian },
    { layer: 'all', vector: gradient, product: gaussNewton, matrix: 'gauss-newton' },
  ]);
  return [[loss], [...gradient], [...hessian], [...gaussNewton]];
}
