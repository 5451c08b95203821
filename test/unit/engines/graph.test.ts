import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  type Activation,
  type Initialization,
  LOSSES,
  type SearchOptimizer,
} from '../../../shared/mod.ts';
import { tokenExamples } from '../../../worker/data/tokens.ts';
import { referenceMachine } from '../../../worker/engines/graph/reference.ts';
import {
  engineOf,
  initialize,
  LARGEST_FLOAT32,
  layersOf,
  loadEngine,
  type Objective,
  type Problem,
} from '../../../worker/engines/mod.ts';
import { examplesAt } from '../../../worker/engines/objective.ts';
import { type NamedEngine, nativeEngines } from '../../support/native.ts';
import { cnnOutputsAt } from './float64-cnn.ts';
import { crossEntropy } from './float64-mlp.ts';
import { transformerOutputsAt } from './float64-transformer.ts';
import { problemOf, type Shape, trialOf } from './support.ts';

/** 21 examples: the second quad has 5. */
const cnnProblem = (shape: Shape, rest: Partial<Problem> = {}, examples = 21): Problem =>
  withClasses(problemOf({ inputs: 25, width: 2, outputs: 3, depth: 3, ...shape }, examples, { model: 'cnn', ...rest }));

/** Sequences of three tokens to sort. */
function sortingProblem(rest: Partial<Problem>, shape: Shape = {}, vocabulary = 3, length = 3, examples = 21): Problem {
  const dataset = {
    kind: 'sorting' as const,
    examples,
    length,
    vocabulary,
    dimensions: (2 * length - 1) * vocabulary,
    outputs: length * vocabulary,
  };
  const data = tokenExamples(dataset, 7, 0);
  const problem = problemOf(
    { width: 4, depth: 6, ...shape, inputs: data.inputs, outputs: data.outputs },
    examples,
    rest,
  );
  return { ...problem, network: { ...problem.network, vocabulary }, examples: data };
}

/** Targets of cross-entropy are one-hot. */
function withClasses(problem: Problem): Problem {
  const { outputs, y } = problem.examples;
  if (problem.loss === 'cross-entropy')
    for (const k of y.keys()) y[k] = Number(k % outputs === Math.floor(k / outputs) % outputs);
  return problem;
}

function parametersOf({ network, model = 'mlp' }: Problem): Float32Array {
  const layers = layersOf(model, network);
  initialize({ network }, trialOf(0.1), layers);
  return Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
}

/** Of all examples, in float64. */
function lossOf({ examples: { y }, loss, network: { vocabulary } }: Problem, outputs: readonly number[][]): number {
  const terms = outputs.map((z, e) => {
    const targets = Array.from(y.subarray(e * z.length, (e + 1) * z.length));
    if (loss === 'cross-entropy') {
      const classes = vocabulary ?? z.length;
      const rows = Array.from({ length: z.length / classes }, (_, row) =>
        [z, targets].map((of) => of.slice(row * classes, (row + 1) * classes)),
      );
      return rows.reduce((sum, [logits, sought]) => sum + crossEntropy(logits, sought), 0) / rows.length;
    }
    return z.reduce((sum, value, o) => sum + (value - targets[o]) ** 2, 0) / z.length;
  });
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

const largest = (values: Iterable<number>) => Math.max(...[...values].map(Math.abs));
const waves = (length: number, k: number) => Float32Array.from({ length }, (_, i) => Math.sin(i + k + 1));

/** The derivative of `of` along a direction, by central differences. */
function along(of: (w: Float64Array) => number, w: ArrayLike<number>, direction: ArrayLike<number>, h: number): number {
  const at = (sign: number) => of(Float64Array.from(w, (value, i) => value + sign * h * direction[i]));
  return (at(1) - at(-1)) / (2 * h);
}

describe.each([
  ...ACTIVATIONS.map((activation) => ['cnn', cnnOutputsAt, cnnProblem({ activation })] as const),
  ['cnn, three channels', cnnOutputsAt, cnnProblem({ inputs: 48, width: 3 })],
  ['cnn, cross-entropy', cnnOutputsAt, cnnProblem({}, { loss: 'cross-entropy' })],
  ...(['transformer', 'transformer-plain'] as const).flatMap((model) => [
    [`${model}, mse`, transformerOutputsAt, sortingProblem({ model })] as const,
    [
      `${model}, cross-entropy`,
      transformerOutputsAt,
      sortingProblem({ model, loss: 'cross-entropy' }, { activation: 'gelu' }),
    ] as const,
  ]),
] as const)('the objective of a graph: %s', (_name, outputsAt, problem) => {
  const w = parametersOf(problem);
  const lossAt = (at: ArrayLike<number>) => lossOf(problem, outputsAt(problem, at));
  const objective = engineOf('reference').objective(problem);
  const { size, blocks } = objective;
  const gradient = new Float32Array(size);
  const loss = objective.evaluate(w, gradient);

  it('has the loss and the gradient of a float64 network', () => {
    expect(Math.abs(loss / lossAt(w) - 1)).toBeLessThan(3e-6);
    expect(objective.loss(w)).toBe(loss);
    const unit = (k: number) => Float32Array.from({ length: size }, (_, i) => Number(i === k));
    const expected = gradient.map((_, k) => along(lossAt, w, unit(k), 1e-5));
    expect(largest(gradient.map((g, k) => g - expected[k]))).toBeLessThan(5e-6 * largest(expected));
  });

  it('has the outputs of a float64 network, and the Gauss-Newton matrix of them', () => {
    const outputs = new Float32Array(problem.examples.y.length);
    objective.evaluate(w, gradient);
    objective.outputs(outputs);
    const expected = outputsAt(problem, w).flat();
    expect(largest(outputs.map((z, k) => z - expected[k]))).toBeLessThan(3e-6 * largest(expected));
    if (problem.loss === 'cross-entropy') return;
    const [v, u] = [waves(size, 0), waves(size, 5)];
    const direction = {
      layer: 'all' as const,
      matrix: 'gauss-newton' as const,
      vector: v,
      product: new Float32Array(size),
    };
    objective.multiply([direction]);
    // J v and J u
    const moved = [v, u].map((by) => {
      const [ahead, behind] = [1e-5, -1e-5].map((h) =>
        outputsAt(
          problem,
          Float64Array.from(w, (x, i) => x + h * by[i]),
        ).flat(),
      );
      return ahead.map((z, k) => (z - behind[k]) / 2e-5);
    });
    const form = moved[0].reduce((sum, value, k) => sum + value * moved[1][k], 0) * (2 / expected.length);
    const got = direction.product.reduce((sum, value, k) => sum + value * u[k], 0);
    expect(Math.abs(got / form - 1)).toBeLessThan(1e-4);
  });

  it('has the Hessian of a float64 network along directions, whole and by layer', () => {
    objective.evaluate(w, gradient);
    const layers = ['all', ...blocks.keys()] as const;
    const directions = layers.map((layer) => {
      const length = layer === 'all' ? size : blocks[layer].length;
      return { layer, vector: waves(length, 0), product: new Float32Array(length) };
    });
    objective.multiply(directions);
    // normalised values change fast where what is normalised is small
    const h = problem.model === 'transformer' ? 2e-5 : 1e-4;
    const scale = Math.sqrt(directions[0].product.reduce((sum, value) => sum + value * value, 0) * size);
    for (const { layer, vector, product } of directions) {
      const offset = layer === 'all' ? 0 : blocks[layer].offset;
      const within = (values: ArrayLike<number>) =>
        Float64Array.from({ length: size }, (_, i) => values[i - offset] ?? 0);
      const second = within(waves(vector.length, 5));
      const expected = along((at) => along(lossAt, at, second, h), w, within(vector), h);
      const got = product.reduce((sum, value, i) => sum + value * second[offset + i], 0);
      expect(Math.abs(got - expected)).toBeLessThan(1e-5 * scale);
    }
  });
});

const others: NamedEngine[] = [['simd', engineOf('simd')], ...nativeEngines()];

/** What an objective comes to, products several at a time and one scope twice. */
function resultsOf(objective: Objective, w: Float32Array) {
  const gradient = new Float32Array(objective.size);
  const loss = objective.evaluate(w, gradient);
  const scopes = ['all', ...objective.blocks.keys(), 'all', 0] as const;
  const directions = scopes.map((layer, k) => {
    const length = layer === 'all' ? objective.size : objective.blocks[layer].length;
    const matrix = k % 3 === 2 ? ('gauss-newton' as const) : undefined;
    return { layer, matrix, vector: waves(length, k), product: new Float32Array(length) };
  });
  objective.multiply(directions);
  return { loss, gradient, products: directions.map(({ product }) => product), only: objective.loss(w) };
}

const anyOf = {
  initialization: fc.constantFrom<Initialization>('pytorch-default', 'xavier-uniform', 'kaiming-normal'),
  activation: fc.constantFrom(...ACTIVATIONS),
  loss: fc.constantFrom(...LOSSES),
  examples: fc.integer({ min: 1, max: 35 }),
};
const cnns = fc
  .record({
    ...anyOf,
    inputs: fc
      .tuple(fc.constantFrom(1, 3), fc.integer({ min: 4, max: 7 }))
      .map(([channels, side]) => channels * side * side),
    width: fc.integer({ min: 1, max: 9 }),
    outputs: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ loss, examples, ...shape }) => cnnProblem(shape, { loss }, examples));
const transformers = fc
  .record({
    ...anyOf,
    model: fc.constantFrom('transformer' as const, 'transformer-plain' as const),
    width: fc.constantFrom(2, 4, 6, 10),
    vocabulary: fc.integer({ min: 2, max: 5 }),
    length: fc.integer({ min: 2, max: 4 }),
  })
  .map(({ loss, model, examples, vocabulary, length, ...shape }) =>
    sortingProblem({ loss, model }, shape, vocabulary, length, examples),
  );
const problems = fc.oneof(cnns, transformers);
const scales = fc.constantFrom(1, 1, 1, 1e4, 1e12, 1e30);

it('graphs have the same bits on every engine, whatever the shape, also where values overflow', () => {
  fc.assert(
    fc.property(problems, scales, (problem, scale) => {
      const w = parametersOf(problem).map((value) => scale * value);
      const expected = resultsOf(engineOf('reference').objective(problem), w);
      for (const [name, engine] of others) {
        expect({ name, ...resultsOf(engine.objective(problem), w) }).toEqual({ name, ...expected });
      }
    }),
    { numRuns: 14 },
  );
});

const trained = fc.record({
  optimizer: fc.constantFrom<SearchOptimizer>(
    { kind: 'sgd' },
    { kind: 'momentum', momentum: 0.9 },
    { kind: 'nesterov', momentum: 0.7 },
  ),
  // up to 8, networks share a vector
  batchSize: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 40 })),
  stepSize: fc.constantFrom(0.01, 0.3, 30, 1e10, 1e19, 1e30),
  trials: fc.integer({ min: 1, max: 9 }),
  lossLimit: fc.constantFrom(1e3, LARGEST_FLOAT32),
});

it('graphs train to the same bits on every engine, in batches and past a divergence', () => {
  fc.assert(
    fc.property(problems, trained, (untrained, { batchSize, stepSize, trials: count, ...rest }) => {
      const size = Math.min(batchSize, untrained.examples.count);
      const problem = { ...untrained, ...rest, batchSize: size, iterations: 5 };
      const trials = Array.from({ length: count }, (_, rung) => trialOf(stepSize * 2 ** rung, rung));
      const reference = engineOf('reference').prepare(problem);
      const [searched, all] = [reference.train(trials), reference.trainAll(trials)];
      for (const [name, engine] of others) {
        const trainer = engine.prepare(problem);
        expect({ name, trainings: trainer.train(trials) }).toEqual({ name, trainings: searched });
        expect({ name, trainings: trainer.trainAll(trials) }).toEqual({ name, trainings: all });
      }
    }),
    { numRuns: 8 },
  );
});

it('a batch objective is that of the rows selected, and a search ends with the first divergence', () => {
  const problem = cnnProblem({});
  const rows = Int32Array.of(3, 20, 7);
  const chosen = { ...problem, examples: examplesAt(problem.examples, rows) };
  const w = parametersOf(problem);
  const batch = engineOf('reference').batchObjective(problem);
  batch.select(rows);
  expect(resultsOf(batch, w)).toEqual(resultsOf(engineOf('reference').objective(chosen), w));
  const trials = [1e30, 0.1].map((stepSize, rung) => trialOf(stepSize, rung));
  expect(engineOf('simd').prepare(problem).train(trials)).toHaveLength(1);
});

describe('units at their kink, after layer normalisation', () => {
  /** All units of the feed-forward layer are at 0. */
  function atKink(activation: Activation) {
    const problem = sortingProblem({ model: 'transformer', loss: 'cross-entropy' }, { activation });
    const objective = engineOf('reference').objective(problem);
    const [, , , up, down] = objective.blocks;
    const w = parametersOf(problem).fill(0, up.offset, up.offset + up.length);
    const { length } = w;
    const [gradient, product] = [new Float32Array(length), new Float32Array(length)];
    objective.evaluate(w, gradient);
    objective.multiply([{ layer: 'all', vector: waves(length, 0), product }]);
    const weights = down.offset + down.inputs * down.outputs;
    const dead = [...product.slice(up.offset, up.offset + up.length), ...product.slice(down.offset, weights)];
    return { gradient, product, dead };
  }

  it('have second derivative 0, and of leaky ReLU the slope 1', () => {
    const [leaky, linear] = [atKink('leaky-relu'), atKink('linear')];
    expect(leaky.gradient).toEqual(linear.gradient);
    expect(leaky.product).toEqual(linear.product);
    expect(largest(linear.dead)).toBeGreaterThan(0);
  });

  it('have slope 0 of ReLU: what leads to them and away from them takes no part', () => {
    expect(largest(atKink('relu').dead)).toBe(0);
    expect(largest(atKink('relu').product)).toBeGreaterThan(0);
  });
});

it.each(LOSSES)('the convolutional network trains as that of TensorFlow.js does: %s', async (loss) => {
  const problem = cnnProblem({ inputs: 3 * 49, width: 4 }, { loss, iterations: 20 });
  const tfjs = await loadEngine('tfjs');
  const [ours, theirs] = [engineOf('simd'), tfjs].map(
    (engine) => engine.prepare(problem).train([trialOf(0.05)])[0].losses,
  );
  expect(ours[19]).toBeLessThan(ours[0]);
  expect(largest(ours.map((value, t) => value / theirs[t] - 1))).toBeLessThan(1e-5);
});

it('the reference engine refuses more memory than its addresses reach', () => {
  expect(() => referenceMachine(2 ** 31 + 64)).toThrow('do not fit into the memory of the reference engine');
});
