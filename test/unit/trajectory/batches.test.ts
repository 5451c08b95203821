import { describe, expect, it } from 'vitest';
import { decodeSeries, edgeOf, type TrajectoryTask } from '../../../shared/mod.ts';
import { batchesOf, batchSampler, engineOf, referenceObjective, resolveEngine } from '../../../worker/engines/mod.ts';
import { wasBuilt } from '../../../worker/engines/native/mod.ts';
import { examplesAt } from '../../../worker/engines/objective.ts';
import { meanOf, ratioOfMeans } from '../../../worker/experiments/trajectory/batches.ts';
import { descend } from '../../../worker/experiments/trajectory/training.ts';
import { startUpdate } from '../../../worker/experiments/trajectory/updates.ts';
import { runTask, startTraining } from '../../../worker/mod.ts';
import { asText, makeFolder } from '../../support/mod.ts';
import { runAndKill, SCHEMES_OF_ALL_KINDS, trajectoryTask } from './support.ts';

const BATCHES = { count: 6, eigenvalues: 2 };
const MINI = { batchSize: 8, trajectory: { iterations: 24, every: 9, batches: BATCHES } };

const columnsOf = async (task: TrajectoryTask) => (await decodeSeries((await runTask(task, 'simd')).file!)).columns;

describe('a training on batches', () => {
  const tasks = [
    trajectoryTask({ ...MINI, activation: 'relu' }),
    trajectoryTask({ ...MINI, batchSize: 1, scheme: { kind: '1/lambda', factor: 2 }, initialScale: 0.5 }),
    trajectoryTask({ ...MINI, scheme: SCHEMES_OF_ALL_KINDS.find(({ kind }) => kind === 'line-search')! }),
  ];

  it.each(tasks.map((task) => [task.cell.scheme.kind, task] as const))(
    'has the same bytes on every engine: %s',
    async (_, task) => {
      const reference = await runTask(task, 'reference');
      const others = wasBuilt() ? (['simd', 'native'] as const) : (['simd'] as const);
      for (const engine of others) {
        const { result, file } = await runTask(task, engine);
        expect(result).toEqual(reference.result);
        expect(asText(file!)).toBe(asText(reference.file!));
      }
    },
  );

  it('takes the batches of a search: the loss and the step are of the batch, the loss of all examples stands beside it', async () => {
    const { cell, seed, run } = tasks[0];
    const { training, problem } = startTraining(tasks[0], engineOf('simd'), []);
    const rowsAt = batchesOf(30, 8, { seed, run, rung: 0 });
    const gradient = new Float32Array(training.w.length);
    for (let t = 0; t < cell.trajectory.iterations; t++) {
      const before = training.w.slice();
      training.iterate();
      const ofBatch = referenceObjective({ ...problem, examples: examplesAt(problem.examples, rowsAt(t)) });
      const { columns } = training.recorder.series();
      expect(columns.get('loss')![t]).toBe(ofBatch.evaluate(before, gradient));
      expect(columns.get('full_loss')![t]).toBe(t % 9 === 0 ? referenceObjective(problem).loss(before) : Number.NaN);
      const stepped = before.map((w, i) => Math.fround(w - Math.fround(Math.fround(0.2) * gradient[i])));
      expect(training.w).toEqual(stepped);
    }
    // four batches, of 8, 8, 8 and 6 examples, are a pass
    expect(training.recorder.series().columns.get('cost')![23]).toBeCloseTo(6, 12);
  });

  it('of all examples is that of the full batch, with its columns', async () => {
    const [full, all] = [await columnsOf(trajectoryTask()), await columnsOf(trajectoryTask({ batchSize: 30 }))];
    expect(all).toEqual(full);
  });
});

describe.each([
  { kind: 'momentum', momentum: 0.9 },
  { kind: 'nesterov', momentum: 0.7 },
  { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { kind: 'rmsprop', alpha: 0.9, epsilon: 1e-6 },
] as const)('$kind on batches', (optimizer) => {
  const preconditioned = edgeOf({ optimizer }).matrix === 'preconditioned' ? { preconditioned: true as const } : {};
  const trajectory = { ...MINI.trajectory, iterations: 12, every: 5, ...preconditioned };
  const task = trajectoryTask({ batchSize: 7, optimizer, scheme: { kind: 'constant', stepSize: 0.01 }, trajectory });

  it('moves the weights by the gradients of the batches', () => {
    const { training, problem } = startTraining(task, engineOf('simd'), []);
    const rowsAt = batchesOf(30, 7, { seed: task.seed, run: task.run, rung: 0 });
    const update = startUpdate(optimizer, new Map(), training.w.length);
    const [w, gradient] = [training.w.slice(), new Float32Array(training.w.length)];
    for (let t = 0; t < 12; t++) {
      training.iterate();
      const ofBatch = referenceObjective({ ...problem, examples: examplesAt(problem.examples, rowsAt(t)) });
      expect(training.recorder.series().columns.get('loss')![t]).toBe(ofBatch.evaluate(w, gradient));
      descend(w, update.absorb(gradient), 0.01);
      expect(training.w).toEqual(w);
    }
  });

  it('has the same bytes on every engine, and from a checkpoint within a pass on', async () => {
    const through = await runTask(task, 'simd');
    for (const engine of new Set(['reference', resolveEngine('auto')] as const)) {
      const { result, file } = await runTask(task, engine);
      expect(result).toEqual(through.result);
      expect(asText(file!)).toBe(asText(through.file!));
    }
    const folder = makeFolder();
    await runAndKill(task, folder, 8);
    expect(await runTask(task, 'simd', { checkpoints: { folder, seconds: 1000 } })).toEqual(through);
  });
});

describe('the curvature along gradients of batches', () => {
  it('is that of the Hessians of the batches drawn, of the network and of each layer', async () => {
    const task = trajectoryTask({ ...MINI, trajectory: { ...MINI.trajectory, iterations: 1 } });
    const columns = await columnsOf(task);
    const { problem, training, objective } = startTraining(task, engineOf('simd'), []);
    const draw = batchSampler(30, 8, { seed: task.seed, run: task.run });
    const values = ['all' as const, ...objective.blocks.keys()].map((layer) => {
      const { offset, length } = layer === 'all' ? { offset: 0, length: objective.size } : objective.blocks[layer];
      const pairs = Array.from({ length: BATCHES.count }, (_, k) => {
        const ofBatch = referenceObjective({ ...problem, examples: examplesAt(problem.examples, draw(1, k)) });
        const gradient = new Float32Array(objective.size);
        ofBatch.evaluate(training.w, gradient);
        const g = gradient.subarray(offset, offset + length);
        const rows = Array.from({ length }, (_, i) => {
          const product = new Float32Array(length);
          ofBatch.multiply([{ layer, vector: product.map((_, j) => Number(i === j)), product: product }]);
          return product;
        });
        const times = (x: ArrayLike<number>) => rows.map((row) => row.reduce((sum, h, j) => sum + h * x[j], 0));
        const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
          Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);
        return { curvature: dot(g, times(g)), square: dot(g, g), times, dot, g };
      });
      const suffix = layer === 'all' ? '' : `_layer_${layer + 1}`;
      const column = (name: string) => columns.get(`${name}${suffix}`)![0];
      const ratios = meanOf(pairs.map(({ curvature, square }) => curvature / square));
      expect(column('batch_sharpness') / ratios.value).toBeCloseTo(1, 5);
      expect(column('batch_sharpness_error') / ratios.error).toBeCloseTo(1, 5);
      expect(column('batch_sharpness_of_means') / ratioOfMeans(pairs).value).toBeCloseTo(1, 5);
      expect(column('batch_sharpness_of_means_error') / ratioOfMeans(pairs).error).toBeCloseTo(1, 4);
      const largest = pairs.slice(0, BATCHES.eigenvalues).map(({ times, dot, g }) => {
        // by powers of the shifted matrix, whose eigenvalues are all positive
        let [v, value] = [Array.from(g), 0];
        for (let i = 0; i < 2000; i++) {
          const next = times(v).map((x, j) => x + 5 * v[j]);
          value = Math.sqrt(dot(next, next) / dot(v, v)) - 5;
          v = next.map((x) => x / Math.sqrt(dot(next, next)));
        }
        return value;
      });
      expect(column('batch_eigenvalue') / meanOf(largest).value).toBeCloseTo(1, 4);
      return column('batch_sharpness');
    });
    expect(new Set(values).size).toBe(4);
  });

  it('is not defined where no batch has a gradient', async () => {
    // without weights there is no slope of a relu but in the last biases
    const task = trajectoryTask({ ...MINI, activation: 'relu', initialScale: 1e-30 });
    const columns = await columnsOf(task);
    expect(columns.get('batch_sharpness_layer_1')![0]).toBeNaN();
    expect(columns.get('batch_sharpness')![0]).toBeGreaterThan(0);
  });
});

it('means have standard errors of independent values', () => {
  expect(meanOf([1, 2, 6])).toEqual({ value: 3, error: Math.sqrt(14 / 6) });
  expect(meanOf([4]).error).toBeNaN();
  const pairs = [
    { curvature: 2, square: 1 },
    { curvature: 4, square: 2 },
    { curvature: 9, square: 3 },
  ];
  // residuals 2 - 2.5, 4 - 5, 9 - 7.5
  expect(ratioOfMeans(pairs).value).toBe(2.5);
  expect(ratioOfMeans(pairs).error).toBeCloseTo(Math.sqrt((0.25 + 1 + 2.25) / 6) / 2, 12);
});
