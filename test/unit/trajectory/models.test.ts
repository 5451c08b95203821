import { beforeAll, describe, expect, it } from 'vitest';
import {
  columnOf,
  decodeSeries,
  densityColumns,
  GRAPH,
  type Scope,
  scopesOf,
  type TrajectoryTask,
} from '../../../shared/mod.ts';
import { dot, signVector } from '../../../worker/eigen/mod.ts';
import { batchesOf, batchSampler, engineOf, type Problem, resolveEngine } from '../../../worker/engines/mod.ts';
import { examplesAt } from '../../../worker/engines/objective.ts';
import { meanOf } from '../../../worker/experiments/trajectory/batches.ts';
import { rungeKutta } from '../../../worker/experiments/trajectory/flow/runge-kutta.ts';
import { runTask, startTraining } from '../../../worker/mod.ts';
import { asText, makeFolder } from '../../support/mod.ts';
import { hessianOf, spectrumOf } from '../eigen/dense.ts';
import { cnnOutputsAt } from '../engines/float64-cnn.ts';
import { transformerOutputsAt } from '../engines/float64-transformer.ts';
import { LANCZOS, runAndKill, trajectoryTask } from './support.ts';

type Changes = NonNullable<Parameters<typeof trajectoryTask>[0]>;

const STEP_SIZE = 0.25;
const BATCHES = { count: 3, size: 3, eigenvalues: 2 };
const DENSITY = { every: 4, probes: 2, steps: 4, layers: true };
const FLOW = { every: 1, alpha: 0.4, maxStep: STEP_SIZE / 2 };

/** Everything that is measured of plain descent, at iterations 1 and 3. */
const EVERYTHING = {
  iterations: 4,
  every: 2,
  solver: { ...LANCZOS, tolerance: 1e-5, maxProducts: 100, top: 2, bothEnds: true },
  gaussNewton: true,
  sharpening: true,
  batches: BATCHES,
  density: DENSITY,
  flow: FLOW,
  centralFlow: FLOW,
} as const;

/** The same with less work, at iterations 1 and 3. */
const LITTLE = {
  ...EVERYTHING,
  iterations: 3,
  solver: { ...LANCZOS, maxProducts: 8 },
  batches: { count: 2, size: 3, eigenvalues: 1 },
  density: { every: 2, probes: 1, steps: 3, layers: true },
  flow: { every: 2, alpha: 1.8, maxStep: 1 },
  centralFlow: { every: 2, alpha: 1.8, maxStep: 1 },
} as const;

const SCHEME = { kind: 'constant', stepSize: STEP_SIZE } as const;
const IMAGES = { kind: 'synthetic', examples: 8, dimensions: 16, outputs: 2 } as const;
const SORTING = { kind: 'sorting', examples: 8, length: 2, vocabulary: 2, dimensions: 6, outputs: 4 } as const;

const cnn = (changes: Changes): TrajectoryTask =>
  trajectoryTask({ model: 'cnn', graph: GRAPH, width: 2, dataset: IMAGES, scheme: SCHEME, ...changes });
const transformer = (model: 'transformer' | 'transformer-plain', width: number, changes: Changes): TrajectoryTask =>
  trajectoryTask({ model, graph: GRAPH, width, depth: 6, dataset: SORTING, scheme: SCHEME, ...changes });

const TEST = { test: { every: 3, examples: 5 } };
const ADAM = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

async function columnsOf(task: TrajectoryTask): Promise<(name: string, row?: number) => number> {
  const { columns } = await decodeSeries((await runTask(task, 'simd')).file!);
  return (name, row = 0) => columns.get(name)![row];
}

describe.each([
  ['cnn', cnn({ trajectory: { ...LITTLE, ...TEST } })],
  ['transformer', transformer('transformer', 4, { loss: 'cross-entropy', trajectory: LITTLE })],
  ['transformer-plain', transformer('transformer-plain', 2, { activation: 'gelu', trajectory: LITTLE })],
  [
    'cnn, adam on batches',
    cnn({
      optimizer: ADAM,
      batchSize: 3,
      scheme: { kind: 'layer 1/lambda', factor: 20 },
      trajectory: { iterations: 4, every: 2, preconditioned: true },
    }),
  ],
] as const)('every gauge of a %s', (_, task) => {
  it('has the same bytes on every engine, and from a checkpoint on', async () => {
    const through = await runTask(task, 'simd');
    for (const engine of new Set(['reference', resolveEngine('auto')] as const)) {
      const { result, file } = await runTask(task, engine);
      expect(result).toEqual(through.result);
      expect(asText(file!)).toBe(asText(through.file!));
    }
    const folder = makeFolder();
    await runAndKill(task, folder, 2);
    let first = 0;
    const onIteration = (done: number) => {
      first ||= done;
    };
    const resumed = await runTask(task, 'simd', { checkpoints: { folder, seconds: 1000 }, onIteration });
    expect(first).toBe(2);
    expect(resumed.result).toEqual(through.result);
    expect(asText(resumed.file!)).toBe(asText(through.file!));
  });
});

const relative = (got: number, expected: number): number => Math.abs(got / expected - 1);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe.each([
  ['cnn', cnn({ trajectory: EVERYTHING }), cnnOutputsAt],
  // with fewer values a token layer normalisation leaves nothing but their signs
  ['transformer', transformer('transformer', 4, { trajectory: EVERYTHING }), transformerOutputsAt],
  [
    'transformer-plain',
    transformer('transformer-plain', 2, { activation: 'gelu', trajectory: EVERYTHING }),
    transformerOutputsAt,
  ],
] as const)('of a %s, beside dense matrices', (_, task, outputsAt) => {
  const { cell, seed, run } = task;
  const { problem, training } = startTraining(task, engineOf('reference'), []);
  const objective = engineOf('simd').objective(problem);
  const { size } = objective;
  const w = training.w.slice();
  const gradient = new Float32Array(size);
  objective.evaluate(w, gradient);
  const hessian = hessianOf(objective);
  const blocks = scopesOf(cell.depth, true);
  let column: Awaited<ReturnType<typeof columnsOf>>;
  beforeAll(async () => {
    column = await columnsOf(task);
  });

  const rangeOf = (block: Scope): [number, number] => {
    const { offset, length } = block === 'all' ? { offset: 0, length: size } : objective.blocks[block];
    return [offset, offset + length];
  };
  const blockOf = (matrix: readonly Float64Array[], block: Scope) => {
    const [from, to] = rangeOf(block);
    return matrix.slice(from, to).map((row) => row.subarray(from, to));
  };
  const topOf = (matrix: readonly Float64Array[]): number => spectrumOf(matrix).at(-1)!;
  const topAt = (at: ArrayLike<number>): number => {
    objective.evaluate(Float32Array.from(at), new Float32Array(size));
    return topOf(hessianOf(objective));
  };

  it('the eigenvalues at both ends are those of the Hessian and its blocks', () => {
    for (const block of blocks) {
      const values = spectrumOf(blockOf(hessian, block));
      const top = values.at(-1)!;
      for (const [name, value] of [
        ['sharpness', top],
        ['eigenvalue_2', values.at(-2)!],
        ['smallest_eigenvalue_1', values[0]],
      ] as const)
        expect(Math.abs(column(columnOf(name, block)) - value), name).toBeLessThan(1e-4 * top);
    }
  });

  it('the top eigenpair is one of the Hessian of the float64 loss', () => {
    const { y } = problem.examples;
    const lossAt = (at: Float64Array): number => {
      const squares = outputsAt(problem as Problem, at)
        .flat()
        .map((z, i) => (z - y[i]) ** 2);
      return sum(squares) / squares.length;
    };
    training.iterate();
    const u = training.vectors.get('sharpness')!;
    const h = 1e-4;
    // (H u)_k, a central difference along u of one along the parameter
    const product = Float64Array.from(w, (_, k) => {
      const [ahead, behind] = [h, -h].map((move) => {
        const at = Float64Array.from(w, (x, i) => x + move * u[i]);
        at[k] += h;
        const above = lossAt(at);
        at[k] -= 2 * h;
        return above - lossAt(at);
      });
      return (ahead - behind) / (4 * h * h);
    });
    const value = column('sharpness');
    const rest = product.map((x, k) => x - value * u[k]);
    expect(Math.sqrt(dot(rest, rest))).toBeLessThan(1e-4 * value);
    expect(relative(dot(u, product), value)).toBeLessThan(1e-5);
  });

  it('the Gauss-Newton matrix is that of the derivatives of float64 outputs', () => {
    const at = (k: number, h: number) => {
      const moved = Float64Array.from(w);
      moved[k] += h;
      return outputsAt(problem as Problem, moved).flat();
    };
    const derivatives = Array.from(w, (_, k) => {
      const [ahead, behind] = [1e-5, -1e-5].map((h) => at(k, h));
      return Float64Array.from(ahead, (z, i) => (z - behind[i]) / 2e-5);
    });
    const outputs = derivatives[0].length;
    const matrix = derivatives.map((a) => Float64Array.from(derivatives, (b) => (2 / outputs) * dot(a, b)));
    for (const block of blocks)
      expect(relative(column(columnOf('gauss_newton_sharpness', block)), topOf(blockOf(matrix, block)))).toBeLessThan(
        1e-4,
      );
  });

  it('masses and rates of sharpening are derivatives of the dense eigenvalue', () => {
    const h = 1 / 64 / Math.sqrt(dot(gradient, gradient));
    const value = topOf(hessian);
    for (const block of ['all' as const, 0, cell.depth - 1]) {
      const [from, to] = rangeOf(block);
      const isIn = (i: number) => i >= from && i < to;
      const [ahead, behind] = [-h, h].map((step) => topAt(w.map((x, i) => (isIn(i) ? x + step * gradient[i] : x))));
      const rate = column(columnOf('sharpening', block));
      expect(Math.abs(rate - (ahead - behind) / (2 * h))).toBeLessThan(0.02 * Math.abs(column('sharpening')));
      if (block === 'all') continue;
      // scaled by 1 + e in the rows and columns of the layer, the eigenvalue is lambda (1 + 2 e |u_l|^2)
      const scaled = [1e-4, -1e-4].map((e) => {
        const factor = (i: number) => (isIn(i) ? 1 + e : 1);
        return topOf(hessian.map((row, i) => row.map((x, j) => x * factor(i) * factor(j))));
      });
      const mass = (scaled[0] - scaled[1]) / (4e-4 * value);
      expect(Math.abs(column(columnOf('eigenvector_mass', block)) - mass)).toBeLessThan(1e-4);
    }
  });

  it('batches have the curvature and the eigenvalues of their own Hessians', () => {
    const draw = batchSampler(problem.examples.count, BATCHES.size, { seed, run });
    const drawn = Array.from({ length: BATCHES.count }, (_, k) => {
      const ofBatch = engineOf('simd').objective({
        ...problem,
        examples: examplesAt(problem.examples, draw(1, k)),
      });
      const slope = new Float32Array(size);
      ofBatch.evaluate(w, slope);
      return { slope, matrix: hessianOf(ofBatch) };
    });
    for (const block of blocks) {
      const ratios = drawn.map(({ slope, matrix }) => {
        const g = slope.subarray(...rangeOf(block));
        return (
          dot(
            g,
            blockOf(matrix, block).map((row) => dot(row, g)),
          ) / dot(g, g)
        );
      });
      expect(relative(column(columnOf('batch_sharpness', block)), meanOf(ratios).value)).toBeLessThan(1e-4);
      const largest = drawn.slice(0, BATCHES.eigenvalues).map(({ matrix }) => topOf(blockOf(matrix, block)));
      expect(relative(column(columnOf('batch_eigenvalue', block)), meanOf(largest).value)).toBeLessThan(1e-4);
    }
  });

  it('a density has the first moments of the Hessian and its blocks', () => {
    for (const [i, block] of blocks.entries()) {
      const part = blockOf(hessian, block);
      const v = signVector(part.length, { seed, run, part: 1000 * i + 1 });
      const product = part.map((row) => dot(row, v));
      const nodes = Array.from({ length: DENSITY.steps }, (_, k) => {
        const names = densityColumns(block, 2, k + 1);
        return { node: column(names.node), weight: column(names.weight) };
      }).filter(({ node }) => !Number.isNaN(node));
      const moment = (power: number) => sum(nodes.map(({ node, weight }) => weight * node ** power));
      expect(moment(0)).toBeCloseTo(1, 9);
      expect(Math.abs(moment(1) - dot(v, product) / v.length)).toBeLessThan(1e-5 * moment(2) ** 0.5);
      expect(relative(moment(2), dot(product, product) / v.length)).toBeLessThan(1e-4);
    }
  });

  it('gradient flow is that of many small steps', () => {
    const flowed = Float64Array.from(w);
    for (let i = 0; i < 40; i++) {
      rungeKutta(
        (at, slope) => {
          const g = new Float32Array(size);
          objective.evaluate(Float32Array.from(at), g);
          slope.set(g.map((x) => -x));
        },
        flowed,
        STEP_SIZE / 40,
      );
    }
    expect(column('flow_time', 1)).toBe(STEP_SIZE);
    expect(relative(column('flow_loss', 1), objective.loss(Float32Array.from(flowed)))).toBeLessThan(1e-3);
    expect(relative(column('flow_sharpness', 1), topAt(flowed))).toBeLessThan(1e-2);
    const apart = flowed.map((x, i) => x - (w[i] - STEP_SIZE * gradient[i]));
    expect(relative(column('flow_distance', 1), Math.sqrt(dot(apart, apart)))).toBeLessThan(0.05);
  });

  it('central flow brings an eigenvalue above the edge back to it, and its predicted loss has the variance', () => {
    const edge = 0.7 * topOf(hessian);
    const scheme = { kind: 'constant' as const, stepSize: 2 / edge };
    const flow = { every: 1, alpha: 0.1, maxStep: 1 };
    const trajectory = { ...cell.trajectory, iterations: 2, flow, centralFlow: flow };
    const above = startTraining({ ...task, cell: { ...cell, scheme, trajectory } }, engineOf('simd'), []).training;
    above.iterate();
    above.iterate();
    const at = (name: string) => above.recorder.series().columns.get(name)![1];
    const central = above.vectors.get('central_flow_w')!;
    expect(relative(at('central_flow_sharpness'), topAt(central))).toBeLessThan(1e-4);
    expect(relative(at('central_flow_sharpness'), edge)).toBeLessThan(0.08);
    expect(at('flow_sharpness') / edge).toBeGreaterThan(1.1);
    expect(at('central_flow_variance')).toBeGreaterThan(0);
    const oscillation = (at('central_flow_sharpness') * at('central_flow_variance')) / 2;
    const predicted = objective.loss(Float32Array.from(central)) + oscillation;
    expect(relative(at('central_flow_predicted_loss'), predicted)).toBeLessThan(1e-5);
  });

  it('the preconditioned Hessian of Adam, on batches, is that of the P of their gradient', async () => {
    const { cell: plain } = task;
    const epsilon = 1e-3;
    const adam = trajectoryTask({
      ...plain,
      optimizer: { ...ADAM, epsilon },
      batchSize: 3,
      trajectory: { iterations: 1, preconditioned: true, solver: EVERYTHING.solver },
    });
    const read = await columnsOf(adam);
    const rows = batchesOf(problem.examples.count, 3, { seed, run, rung: 0 })(0);
    const ofBatch = engineOf('simd').objective({ ...problem, examples: examplesAt(problem.examples, rows) });
    const slope = new Float32Array(size);
    ofBatch.evaluate(w, slope);
    // at the first step v / (1 - beta2) is g^2
    const roots = slope.map((g) => Math.sqrt((1 - ADAM.beta1) * (Math.abs(g) + epsilon)));
    const divided = hessian.map((row, i) => row.map((x, j) => x / (roots[i] * roots[j])));
    for (const block of blocks) {
      const got = read(columnOf('preconditioned_sharpness', block));
      expect(relative(got, topOf(blockOf(divided, block)))).toBeLessThan(1e-4);
      expect(relative(read(columnOf('sharpness', block)), topOf(blockOf(hessian, block)))).toBeLessThan(1e-4);
    }
  });
});
