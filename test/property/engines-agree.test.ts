import fc from 'fast-check';
import { describe, it } from 'vitest';
import { ACTIVATIONS, INITIALIZATIONS, LOSSES, type SearchOptimizer } from '../../shared/mod.ts';
import { syntheticRegression } from '../../worker/data/mod.ts';
import {
  engineOf,
  LARGEST_FLOAT32,
  type LayerFactors,
  type Problem,
  type Training,
  type Trial,
} from '../../worker/engines/mod.ts';
import { baselineEngines, enginesAcross, type NamedEngine, nativeEngines } from '../support/native.ts';

/** Bounds of a family of random problems; sizes lean to the lower end. */
type Family = {
  depth: number;
  width: number;
  dimensions: number;
  examples: number;
  iterations: number;
  /** multiply-adds of one training's forward passes, to bound the time: larger networks take fewer iterations */
  work: number;
  runs: number;
};

const FAMILIES: Record<string, Family> = {
  // hundreds of passes, and more iterations than the kernel takes at once (1024)
  tiny: { depth: 2, width: 3, dimensions: 3, examples: 9, iterations: 3000, work: 400_000, runs: 200 },
  small: { depth: 5, width: 12, dimensions: 12, examples: 40, iterations: 200, work: 300_000, runs: 1200 },
  any: { depth: 16, width: 70, dimensions: 70, examples: 300, iterations: 60, work: 1_000_000, runs: 350 },
  // whole batches of many blocks: thousands of multiply-adds an example, a step or two
  large: { depth: 16, width: 70, dimensions: 20, examples: 300, iterations: 3, work: 25_000_000, runs: 30 },
  // inputs so many that the window of gathered examples is smaller than the data
  wide: { depth: 2, width: 4, dimensions: 3000, examples: 120, iterations: 20, work: 2_000_000, runs: 80 },
};

/** 1 to `most`, small values more often, both ends now and then */
function size(most: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: most }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: Math.min(most, 6) }) },
    { weight: 1, arbitrary: fc.constant(most) },
  );
}

function multiplyAdds({ network: { depth, inputs, width, outputs } }: Pick<Problem, 'network'>): number {
  return depth === 1 ? inputs * outputs : inputs * width + (depth - 2) * width * width + width * outputs;
}

const optimizers: fc.Arbitrary<SearchOptimizer> = fc.oneof(
  fc.constant({ kind: 'sgd' as const }),
  fc.record({
    kind: fc.constantFrom('momentum' as const, 'nesterov' as const),
    momentum: fc.oneof(fc.constantFrom(0.5, 0.9, 0.99), fc.double({ min: 1e-30, max: 1 - 2 ** -53, noNaN: true })),
  }),
);

/** Multipliers of the layers, in turn; null: none are given. */
const factors = fc.option(fc.array(fc.constantFrom(0, 1e-3, 0.3, 1, 1.5, 8), { minLength: 4, maxLength: 4 }), {
  freq: 2,
});

/** The k-th of each layer's multipliers. */
const byLayer = (values: readonly number[], depth: number, k: number): LayerFactors[] =>
  Array.from({ length: depth }, (_, l) => ({ weights: values[(l + k) % 4], biases: values[(l + k + 1) % 4] }));

type Run = { problem: Problem; trials: Trial[] };

function runs(family: Family): fc.Arbitrary<Run> {
  return fc
    .record({
      network: fc.record({
        inputs: size(family.dimensions),
        width: size(family.width),
        outputs: size(Math.min(family.dimensions, 70)),
        depth: size(family.depth),
        activation: fc.constantFrom(...ACTIVATIONS),
        initialization: fc.constantFrom(...INITIALIZATIONS),
      }),
      optimizer: optimizers,
      loss: fc.constantFrom(...LOSSES),
      count: size(family.examples),
      /** in percent of the examples */
      batch: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }), fc.constant(100)),
      iterations: size(family.iterations),
      seed: fc.nat(),
      run: fc.nat(5),
      // mostly the data of the experiments; otherwise so large or so small that it overflows or underflows
      scale: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.constantFrom(1e-30, 1e-10, 1e8, 1e19)),
      exponent: fc.integer({ min: -300, max: 130 }),
      extreme: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.constantFrom(1e-30, 1e10, 1e30)),
      growth: fc.constantFrom(1, 1.01, 1.5, 10),
      rung: fc.constantFrom(0, 1, 250),
      trials: fc.constantFrom(1, 2, 3, 4, 4, 4, 7, 16),
      factors,
      lossLimit: fc.oneof({ weight: 4, arbitrary: fc.constant(LARGEST_FLOAT32) }, fc.constantFrom(1e30, 1000, 100, 3)),
    })
    .map(({ network, optimizer, loss, count, batch, seed, run, scale, exponent, extreme, growth, rung, ...rest }) => {
      const { inputs: dimensions, outputs } = network;
      const examples = syntheticRegression({ kind: 'synthetic', examples: count, dimensions, outputs }, seed, run);
      for (const values of [examples.x, examples.y])
        values.forEach((value, i) => {
          values[i] = scale * value;
        });
      const batchSize = Math.max(1, Math.round((batch / 100) * count));
      const affordable = Math.ceil(family.work / (batchSize * multiplyAdds({ network })));
      const iterations = Math.min(rest.iterations, affordable);
      const trials = Array.from({ length: rest.trials }, (_, i) => ({
        seed,
        run,
        rung: rung + i,
        ...(rest.factors !== null && {
          layers: Array.from({ length: network.depth }, (_, l) => 1 + ((i + l) % 3) / 4),
        }),
        stepSize: extreme * 10 ** (exponent / 100) * growth ** i,
      }));
      return {
        problem: {
          network: {
            ...network,
            ...(rest.factors !== null && { initialFactors: byLayer(rest.factors, network.depth, 0) }),
          },
          ...(rest.factors !== null && { stepFactors: byLayer(rest.factors, network.depth, 2) }),
          optimizer,
          loss,
          examples,
          batchSize,
          iterations,
          lossLimit: rest.lossLimit,
        },
        trials,
      };
    });
}

/** What must agree, with the losses as bits; every NaN is the same. */
function record(trainings: readonly Training[]): string {
  return JSON.stringify(
    trainings.map(({ losses, divergence }) => {
      const canonical = Float32Array.from(losses, (loss) => (Number.isNaN(loss) ? Number.NaN : loss));
      return { losses: Array.from(new Uint32Array(canonical.buffer)), divergence };
    }),
  );
}

function describeRun({ problem: { network, examples, ...rest }, trials }: Run): string {
  return JSON.stringify({ network, examples: examples.count, ...rest, trials });
}

const ENGINES: readonly NamedEngine[] = [['simd', engineOf('simd')], ...nativeEngines(), ...baselineEngines()];
/** Asked about few of the problems: only a part of the kernel differs from that of the others. */
const ACROSS = enginesAcross();
const EVERY = 8;
/** Of the problems of each family; `make test-properties` takes all. */
const SHARE = process.env.EDGESWEEP_TEST_PROPERTIES === 'all' ? 1 : 1 / 3;

describe('every engine equals the reference engine to the bit', () => {
  it.each(Object.entries(FAMILIES))('on %s networks', { timeout: 120_000 }, (_, family) => {
    let problems = 0;
    fc.assert(
      fc.property(runs(family), ({ problem, trials }) => {
        const expected = record(engineOf('reference').prepare(problem).train(trials));
        for (const [name, engine] of problems++ % EVERY === 0 ? [...ENGINES, ...ACROSS] : ENGINES) {
          const got = record(engine.prepare(problem).train(trials));
          if (got !== expected)
            throw new Error(
              `${name}: ${got.slice(0, 2000)}\nreference: ${expected.slice(0, 2000)}\nfor ${describeRun({ problem, trials })}`,
            );
        }
      }),
      { seed: 20_230_501, numRuns: Math.ceil(SHARE * family.runs) },
    );
  });
});
