import { describe, expect, it } from 'vitest';
import { decodeSeries, type TrajectoryTask } from '../../../shared/mod.ts';
import { resolveEngine } from '../../../worker/engines/mod.ts';
import { centralFlow, flow } from '../../../worker/experiments/trajectory/gauges/flow.ts';
import type { Parts, Point } from '../../../worker/experiments/trajectory/point.ts';
import { runTask } from '../../../worker/mod.ts';
import { asText, makeFolder } from '../../support/mod.ts';
import { LANCZOS, trajectoryTask } from './support.ts';

const ALL = {
  sharpening: true,
  flow: { every: 7, alpha: 1, maxStep: 1 },
  centralFlow: { every: 5, alpha: 1, maxStep: 1 },
  density: { every: 10, probes: 2, steps: 6, layers: true },
} as const;

/** It is at the edge of stability within some ten iterations. */
const AT_EDGE = { scheme: { kind: 'constant', stepSize: 1.2 } } as const;

async function columnsOf(task: TrajectoryTask) {
  const { columns } = await decodeSeries((await runTask(task, 'simd')).file!);
  const column = (name: string) => [...columns.get(name)!];
  /** what was measured, by row from 0 */
  const measured = (name: string) =>
    new Map(column(name).flatMap((value, row) => (Number.isNaN(value) ? [] : [[row, value] as const])));
  return { names: [...columns.keys()], column, measured };
}

describe('sharpening, flows and densities', () => {
  const task = trajectoryTask({ ...AT_EDGE, trajectory: { ...ALL, iterations: 12 } });

  it('have the same bytes on every engine', async () => {
    const expected = await runTask(task, 'reference');
    // `auto` is native where it was built
    for (const engine of new Set(['simd', resolveEngine('auto')] as const)) {
      const { result, file } = await runTask(task, engine);
      expect(result).toEqual(expected.result);
      expect(asText(file!)).toBe(asText(expected.file!));
    }
  });

  it('have the same bytes from a checkpoint on', async () => {
    const through = await runTask(task, 'simd');
    for (const iterations of [1, 6]) {
      const folder = makeFolder();
      const shorter = { ...task, cell: { ...task.cell, trajectory: { ...task.cell.trajectory, iterations } } };
      // leaves its checkpoints, as if it had been killed
      await runTask(
        {
          ...shorter,
          cell: { ...shorter.cell, trajectory: { ...shorter.cell.trajectory, iterations: iterations + 1 } },
        },
        'simd',
        {
          checkpoints: { folder, seconds: 0 },
        },
      );
      expect(await runTask(task, 'simd', { checkpoints: { folder, seconds: 1000 } })).toEqual(through);
    }
  });

  it('change nothing of the training', async () => {
    const [with_, without] = await Promise.all(
      [task, trajectoryTask({ ...AT_EDGE, trajectory: { iterations: 12 } })].map(columnsOf),
    );
    for (const name of without.names) expect(with_.column(name), name).toEqual(without.column(name));
  });
});

it('the mass of the eigenvector and the rate of sharpening are sums over layers', async () => {
  const { column, measured } = await columnsOf(
    trajectoryTask({ trajectory: { sharpening: true, solver: { ...LANCZOS, tolerance: 1e-6 } } }),
  );
  const rates = measured('sharpening');
  expect([...rates.keys()]).toEqual([...measured('sharpness').keys()]);
  for (const [row, rate] of rates) {
    const sum = (name: string) => [1, 2, 3].reduce((total, layer) => total + column(`${name}_layer_${layer}`)[row], 0);
    expect(sum('eigenvector_mass')).toBeCloseTo(1, 9);
    expect(sum('sharpening')).toBeCloseTo(rate, 12);
    expect(column('sharpening_error')[row]).toBeLessThan(
      0.02 * column('sharpness_gradient_norm')[row] * column('gradient_norm')[row],
    );
  }
});

it('the rate is that at which the sharpness changes while steps are small', async () => {
  const stepSize = 0.005;
  const { column } = await columnsOf(
    trajectoryTask({
      scheme: { kind: 'constant', stepSize },
      trajectory: { iterations: 21, every: 1, sharpening: true, solver: { ...LANCZOS, tolerance: 1e-6 } },
    }),
  );
  const [sharpness, rate] = [column('sharpness'), column('sharpening')];
  // the trapezoidal rule
  const change = rate.reduce((sum, value, i) => sum + (i === 0 || i === 20 ? value / 2 : value) * stepSize, 0);
  expect(change / (sharpness[20] - sharpness[0])).toBeCloseTo(1, 1.5);
});

describe('gradient flow', () => {
  const until = 3;
  const alongside = (stepSize: number) =>
    columnsOf(
      trajectoryTask({
        scheme: { kind: 'constant', stepSize },
        trajectory: {
          iterations: Math.round(until / stepSize) + 1,
          every: 1000,
          flow: { every: Math.round(until / stepSize), alpha: 1, maxStep: 1 },
        },
      }),
    );

  it('is what gradient descent comes to with ever smaller steps', async () => {
    const all = await Promise.all([0.1, 0.05, 0.025].map(alongside));
    const distances = all.map(({ column }) => column('flow_distance').at(-1)!);
    expect(distances[0] / distances[1]).toBeCloseTo(2, 0.5);
    expect(distances[1] / distances[2]).toBeCloseTo(2, 0.5);
    const losses = all.map(({ column }) => column('flow_loss').at(-1)!);
    expect(losses[0]).toBeCloseTo(losses[2], 6);
    expect(all[0].column('flow_time').at(-1)).toBeCloseTo(until, 5);
    expect(all[0].column('flow_distance')[0]).toBe(0);
  });
});

it.each([
  ['flow', flow],
  ['central_flow', centralFlow],
] as const)('a %s that is lost records nothing more', (name, start) => {
  const { cell, seed, run } = trajectoryTask();
  const lossAt = (w: Float32Array) => (w[0] === 1 ? 1 : Number.NaN);
  const objective = {
    size: 1,
    blocks: [{ offset: 0, length: 1 }],
    loss: lossAt,
    evaluate(w: Float32Array, gradient: Float32Array) {
      gradient[0] = lossAt(w);
      return lossAt(w);
    },
    multiply: () => {},
  };
  const vectors = new Map<string, Float32Array | Float64Array>();
  const parts = { cell, seed, run, engine: { objective: () => objective }, vectors } as unknown as Parts;
  const measureAt = (iteration: number) =>
    // a gauge from a checkpoint, at every iteration
    start(parts, { every: 1, alpha: 1, maxStep: 1 } as never)({
      iteration,
      w: Float32Array.of(1),
      lastStepSize: iteration === 1 ? 0 : 0.5,
    } as Point).columns;
  expect(measureAt(1)).toMatchObject({ [`${name}_loss`]: 1 });
  expect(measureAt(2)).toEqual({});
  expect(measureAt(3)).toEqual({});
});

it('central flow stays at the edge that gradient flow leaves, and predicts the loss of gradient descent', async () => {
  const stepSize = 0.5;
  const { column } = await columnsOf(
    trajectoryTask({
      scheme: { kind: 'constant', stepSize },
      trajectory: {
        iterations: 201,
        every: 200,
        flow: { ...ALL.flow, every: 50 },
        centralFlow: { ...ALL.centralFlow, every: 25 },
      },
    }),
  );
  for (const row of [100, 150, 200]) {
    const at = (name: string) => column(name)[row];
    expect((at('central_flow_sharpness') * stepSize) / 2).toBeCloseTo(1, 2);
    expect(at('flow_sharpness')).toBeGreaterThan(20);
    const off = Math.abs(at('central_flow_predicted_loss') - at('loss'));
    expect(off).toBeLessThan(0.2 * Math.abs(at('flow_loss') - at('loss')));
    expect(at('central_flow_distance')).toBeLessThan(0.2 * at('flow_distance'));
  }
});

it('a density has the nodes and weights of each probe and block where it is due, and null elsewhere', async () => {
  const { names, measured, column } = await columnsOf(trajectoryTask({ trajectory: { density: ALL.density } }));
  expect(names.filter((name) => name.startsWith('density'))).toHaveLength(4 * (2 * 2 * 6 + 1));
  expect([...measured('density_node_2_6').keys()]).toEqual([0, 10, 20, 30]);
  for (const row of [0, 30]) {
    const weights = [1, 2, 3, 4, 5, 6].map((k) => column(`density_weight_1_${k}_layer_2`)[row]);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(column('density_products')[row]).toBe(12);
  }
});
