import { describe, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  decodeSeries,
  schemeLabel,
  seriesDigest,
  type TrajectoryResult,
  type TrajectoryTask,
} from '../../../shared/mod.ts';
import { engineOf, runTask, startTraining } from '../../../worker/mod.ts';
import { cnnTrajectory } from '../../golden/graph-tasks.ts';
import { asText } from '../../support/mod.ts';
import { LANCZOS, OPTIMISED, POWER, SCHEMES_OF_ALL_KINDS, trajectoryTask } from './support.ts';

async function run(task: TrajectoryTask, engine: 'simd' | 'reference' = 'simd') {
  const { result, file } = await runTask(task, engine);
  const { rows, columns } = await decodeSeries(file!);
  return { result: result as TrajectoryResult, rows, columns, column: (name: string) => [...columns.get(name)!] };
}

describe('a series', () => {
  const tasks = [
    ...ACTIVATIONS.map((activation) => trajectoryTask({ activation })),
    ...SCHEMES_OF_ALL_KINDS.map((scheme) => trajectoryTask({ scheme })),
    trajectoryTask({ trajectory: { solver: POWER, every: 1 } }),
    trajectoryTask({ trajectory: { solver: { ...LANCZOS, top: 3, bothEnds: true } } }),
    trajectoryTask({ depth: 1, trajectory: { layers: false } }),
    cnnTrajectory(),
    ...OPTIMISED.map(trajectoryTask),
  ];

  it.each(tasks.map((task) => [task.cell.activation, schemeLabel(task.cell.scheme), task] as const))(
    'has the same bytes on both engines: %s, %s',
    async (_, _scheme, task) => {
      const [simd, reference] = [await runTask(task, 'simd'), await runTask(task, 'reference')];
      expect(simd.result).toEqual(reference.result);
      expect(asText(simd.file!)).toBe(asText(reference.file!));
    },
  );

  it('comes back from its file with the digest of its result', async () => {
    const { result, rows, columns } = await run(tasks[0]);
    expect(seriesDigest({ rows, columns })).toBe(result.series);
    expect(rows).toBe(40);
    const changed = new Map(columns);
    changed.set(
      'loss',
      Float64Array.from(columns.get('loss')!, (x, i) => (i === 20 ? x * (1 + 1e-7) : x)),
    );
    expect(seriesDigest({ rows, columns: changed })).not.toBe(result.series);
  });

  it('has every iteration, and the sharpness of every seventh', async () => {
    const { column } = await run(trajectoryTask());
    expect(column('iteration')).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    for (const name of ['loss', 'step_size', 'gradient_norm', 'gradient_norm_layer_3', 'cost']) {
      expect(column(name).every(Number.isFinite), name).toBe(true);
    }
    for (const name of [
      'sharpness',
      'sharpness_layer_1',
      'sharpness_residual_layer_3',
      'products',
      'sharpness_converged',
    ]) {
      const measured = column(name).flatMap((value, i) => (Number.isNaN(value) ? [] : [i + 1]));
      expect(measured, name).toEqual([1, 8, 15, 22, 29, 36]);
    }
    expect(column('cost').at(-1)).toBe(40);
  });

  it('can measure at every iteration, the network alone, and several eigenvalues at both ends', async () => {
    const solver = { ...LANCZOS, tolerance: 1e-5, top: 3, bothEnds: true };
    const { columns, column } = await run(
      trajectoryTask({ trajectory: { every: 1, layers: false, iterations: 10, solver } }),
    );
    expect([...columns.keys()].some((name) => /sharpness_layer|products_layer/.test(name))).toBe(false);
    const values = ['smallest_eigenvalue_1', 'smallest_eigenvalue_3', 'eigenvalue_3', 'eigenvalue_2', 'sharpness'].map(
      column,
    );
    for (let row = 0; row < 10; row++) {
      const ascending = values.map((list) => list[row]);
      expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    }
    expect(column('eigenvalue_3_converged')).toEqual(Array(10).fill(1));
  });

  it('is measured more often while the sharpness is near 2 / step size', async () => {
    const near = { within: 0.5, every: 1 };
    const { column } = await run(
      trajectoryTask({ scheme: { kind: 'constant', stepSize: 0.7 }, trajectory: { iterations: 400, every: 20, near } }),
    );
    const [sharpness, stepSize] = [column('sharpness'), column('step_size')];
    let last = 0;
    let dense = 0;
    for (let i = 0; i < sharpness.length; i++) {
      const isNear = i > 0 && Math.abs(sharpness[last] - 2 / stepSize[i - 1]) <= 0.5 * (2 / stepSize[i - 1]);
      expect(Number.isFinite(sharpness[i]), `iteration ${i + 1}`).toBe(i % 20 === 0 || isNear);
      if (Number.isFinite(sharpness[i])) last = i;
      if (isNear && i % 20 !== 0) dense += 1;
    }
    expect(dense).toBeGreaterThan(20);
    expect(dense).toBeLessThan(380);
  });

  it('records what the scheme measures besides', async () => {
    const { column } = await run(
      trajectoryTask({ scheme: { kind: 'layer 1/lambda', factor: 2 }, trajectory: { layers: false } }),
    );
    expect(column('sharpness_layer_2').every(Number.isFinite)).toBe(true);
    expect(column('sharpness').filter(Number.isFinite)).toHaveLength(6);
    for (const [row, stepSize] of column('step_size_layer_2').entries()) {
      const lambda = column('sharpness_layer_2')[row];
      if (lambda > 0) expect(stepSize).toBe(1 / (2 * lambda));
    }
  });

  it('does not depend on how often it is measured, for a scheme that asks for nothing', async () => {
    const [often, seldom] = await Promise.all([1, 40].map((every) => run(trajectoryTask({ trajectory: { every } }))));
    expect(often.column('loss')).toEqual(seldom.column('loss'));
    expect(often.column('gradient_norm')).toEqual(seldom.column('gradient_norm'));
  });
});

describe('a training that diverges', () => {
  const scheme = { kind: 'constant' as const, stepSize: 1000 };

  it('ends there, with the series up to it', async () => {
    const { result, rows, column } = await run(trajectoryTask({ activation: 'linear', scheme }));
    expect(result).toMatchObject({
      end: 'diverged',
      divergence: { iteration: rows, kind: expect.stringMatching(/nan|infinity/) },
      edge: null,
    });
    expect(rows).toBeLessThan(20);
    expect(column('loss').slice(0, -1).every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(column('loss').at(-1))).toBe(false);
    expect(result.loss).toBe(column('loss').at(-2));
    expect(column('step_size').at(-1)).toBeNaN();
  });

  it('before anything was measured has a result too', async () => {
    const { training } = startTraining(trajectoryTask(), engineOf('simd'), []);
    training.w.fill(Number.NaN);
    expect(training.iterate()).toBe('diverged');
    expect(training.recorder.series().rows).toBe(1);
    expect(training.recorder.series().columns.get('sharpness')![0]).toBeNaN();
  });
});

it('moves each layer by its own step size, in float32', () => {
  const task = trajectoryTask({ scheme: { kind: 'layer 1/lambda', factor: 2 } });
  const { training, objective } = startTraining(task, engineOf('simd'), []);
  const before = training.w.slice();
  training.iterate();
  const { columns } = training.recorder.series();
  for (const [l, { offset, length }] of objective.blocks.entries()) {
    const eta = Math.fround(columns.get(`step_size_layer_${l + 1}`)![0]);
    for (let i = offset; i < offset + length; i++) {
      expect(training.w[i]).toBe(Math.fround(before[i] - Math.fround(eta * training.gradient[i])));
    }
  }
});
