import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpCommand } from '../../../orchestrator/commands/dump.ts';
import { decodeSeries, type TrajectoryCell } from '../../../shared/mod.ts';
import { expand, loadSweep, type TrajectorySweep } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { dumpTraining, readNpy, readTraining, refusal, trajectorySweep } from './support.ts';

const filesOf = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
const at = (folder: string, iteration: number) => join(folder, `iteration-${iteration}`);

async function seriesOf(set: readonly string[], cell: number) {
  const sweep = loadSweep(trajectorySweep(), { flags: { set } }) as TrajectorySweep;
  const task = expand(sweep).task(cell, 0);
  const { file } = await runTask(task, 'simd');
  return { task, columns: (await decodeSeries(file!)).columns };
}

/** Parameters or gradient in one vector, as the Hessian has them. */
const vectorOf = (folder: string, prefix = ''): number[] =>
  [1, 2, 3].flatMap((l) => ['weight', 'bias'].flatMap((name) => readNpy(folder, `${prefix}${name}-${l}`).values));

test('data once, parameters and gradient of the first and the last iteration, the description, and nothing else', () => {
  const folder = dumpTraining({});
  const arrays = ['', 'gradient-'].flatMap((prefix) =>
    [1, 2, 3].flatMap((l) => [`${prefix}bias-${l}.npy`, `${prefix}weight-${l}.npy`]),
  );
  expect(filesOf(folder)).toEqual(
    [
      ...['X.npy', 'Y.npy', 'iteration-1', 'iteration-30', 'trajectory.json'],
      ...arrays.flatMap((name) => [`iteration-1/${name}`, `iteration-30/${name}`]),
    ].sort(),
  );
  for (const prefix of ['', 'gradient-']) {
    const shapes = [1, 2, 3].map((l) => readNpy(at(folder, 30), `${prefix}weight-${l}`).shape);
    expect(shapes).toEqual([
      [5, 4],
      [5, 5],
      [3, 5],
    ]);
  }
});

test('of an optimiser the step is along the dumped direction, the mean over the dumped preconditioner', () => {
  const set = ['grid.optimizer={kind: adam}', 'trajectory.preconditioned=true'];
  const folder = dumpTraining({ set, iterations: [1, 14, 15] });
  const vector = (iteration: number, prefix = '') => vectorOf(at(folder, iteration), prefix);
  const { optimizer, iterations } = readTraining(folder);
  expect(optimizer).toEqual({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  const eta = Math.fround(iterations[1].stepSize);
  const [w, direction] = [vector(14), vector(14, 'direction-')];
  expect(vector(15)).toEqual(w.map((x, k) => Math.fround(x - Math.fround(eta * direction[k]))));
  // at first the mean of the gradients is 0.1 g
  const [g, p] = [vector(1, 'gradient-'), vector(1, 'preconditioner-')];
  for (const [k, d] of vector(1, 'direction-').entries()) expect(d).toBeCloseTo((0.1 * g[k]) / p[k], 5);
  const { preconditioned } = iterations[2];
  expect(preconditioned.layerSharpness).toHaveLength(3);
  expect(preconditioned.recorded.sharpness).toBeCloseTo(preconditioned.sharpness.value, -1);
  expect(Object.keys(readTraining(dumpTraining({})).iterations[0])).not.toContain('preconditioned');
});

test.each([
  ['constant', 'grid.scheme={kind: constant, stepSize: 0.05}'],
  ['1/lambda', 'grid.scheme={kind: 1/lambda}'],
  ['layer 1/lambda', 'grid.scheme={kind: layer 1/lambda, factor: 2}'],
  ['line search', 'grid.scheme={kind: line-search}'],
])('%s: what is said of an iteration is what the task records', async (_, scheme) => {
  const set = [scheme, 'trajectory.iterations=20'];
  const { task, columns } = await seriesOf(set, 2);
  const iterations = [1, 2, 8, 9, 20];
  const training = readTraining(dumpTraining({ set, cell: 2, iterations }));
  expect(training).toMatchObject({ task, divergence: null, scheme: (task.cell as TrajectoryCell).scheme });
  expect(training.iterations.map(({ iteration }: { iteration: number }) => iteration)).toEqual(iterations);
  for (const { iteration, loss, gradientNorm, layerGradientNorms, stepSize, recorded } of training.iterations) {
    const value = (name: string) => columns.get(name)?.[iteration - 1] ?? Number.NaN;
    expect([loss, gradientNorm]).toEqual([value('loss'), value('gradient_norm')]);
    expect(layerGradientNorms).toEqual([1, 2, 3].map((l) => value(`gradient_norm_layer_${l}`)));
    if (Array.isArray(stepSize)) expect(stepSize).toEqual([1, 2, 3].map((l) => value(`step_size_layer_${l}`)));
    else expect(stepSize).toBe(value('step_size'));
    expect(recorded.sharpness ?? Number.NaN).toBe(value('sharpness'));
  }
});

test('the step from one iteration to the next is that of the description, in float32', () => {
  const folder = dumpTraining({ iterations: [12, 13], cell: 3 });
  const eta = Math.fround(readTraining(folder).iterations[0].stepSize);
  const [before, gradient, after] = [
    vectorOf(at(folder, 12)),
    vectorOf(at(folder, 12), 'gradient-'),
    vectorOf(at(folder, 13)),
  ];
  expect(after).toEqual(before.map((w, i) => Math.fround(w - Math.fround(eta * gradient[i]))));
});

test('an iteration is the same whatever else is asked for, and the norm is that of the gradient', () => {
  const [alone, among] = [dumpTraining({ iterations: [15] }), dumpTraining({ iterations: [3, 14, 15, 16] })];
  for (const name of readdirSync(at(alone, 15))) {
    expect(readFileSync(join(at(alone, 15), name)).equals(readFileSync(join(at(among, 15), name))), name).toBe(true);
  }
  const [described] = readTraining(alone).iterations;
  expect(readTraining(among).iterations[2]).toEqual(described);
  const squares = vectorOf(at(alone, 15), 'gradient-').map((x) => x * x);
  expect(Math.sqrt(squares.reduce((sum, x) => sum + x))).toBeCloseTo(described.gradientNorm, 12);
});

test('the dense Hessian is symmetric up to rounding, and has the sharpness in its span', () => {
  const folder = dumpTraining({ dense: true, iterations: [30] });
  const { shape, values } = readNpy(at(folder, 30), 'hessian');
  expect(shape).toEqual([73, 73]);
  const size = 73;
  const row = (i: number) => values.slice(i * size, (i + 1) * size);
  const norm = (x: readonly number[]) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) expect(Math.abs(values[i * size + j] - values[j * size + i])).toBeLessThan(1e-5);
  }
  let vector = row(size - 1);
  let length = 0;
  for (let k = 0; k < 500; k++) {
    const product = Array.from({ length: size }, (_, i) => row(i).reduce((sum, h, j) => sum + h * vector[j], 0));
    length = norm(product);
    vector = product.map((x) => x / length);
  }
  const [{ sharpness }] = readTraining(folder).iterations;
  expect(Math.abs(length - sharpness.value)).toBeLessThan(1e-3 * sharpness.value);
});

test('a Hessian that would be too large is refused before the training', () => {
  const out = join(makeFolder(), 'training');
  const { code, details } = refusal(() => dumpTraining({ dense: true, out, set: ['grid.width=60'] }));
  expect({ code, ...details }).toMatchObject({
    code: 'NETWORK_TOO_LARGE',
    expected: 'at most 4000 parameters with --dense',
    got: `${5 * 60 + 61 * 60 + 61 * 3} parameters`,
    fix: expect.stringContaining('--dense'),
  });
  expect(existsSync(out)).toBe(false);
});

test.each([0, 31, 1.5, Number.NaN])('iteration %d does not exist: refused with what does', (iteration) => {
  const { code, details } = refusal(() => dumpTraining({ iterations: [1, iteration] }));
  expect({ code, ...details }).toMatchObject({
    code: 'USAGE',
    expected: 'iterations from 1 to 30',
    got: `${iteration}`,
  });
});

test('of a training that diverged the last iteration is the last one with a step; later ones are refused', () => {
  const set = ['grid.scheme={kind: constant, stepSize: 30}', 'grid.activation=linear'];
  const folder = dumpTraining({ set, cell: 0 });
  const { divergence, iterations } = readTraining(folder);
  expect(divergence).toBeLessThan(30);
  expect(iterations.map(({ iteration }: { iteration: number }) => iteration)).toEqual([1, divergence - 1]);
  const out = join(makeFolder(), 'training');
  const { code, details } = refusal(() => dumpTraining({ set, cell: 0, out, iterations: [1, divergence] }));
  expect({ code, ...details }).toMatchObject({
    code: 'USAGE',
    expected: `iterations from 1 to ${divergence - 1}`,
    fix: expect.stringContaining(`diverged at iteration ${divergence}`),
  });
  expect(existsSync(out)).toBe(false);
});

test('a rung is refused', () => {
  const options = { sweep: trajectorySweep(), cell: 0, run: 0, out: join(makeFolder(), 'training') };
  expect(refusal(() => dumpCommand({ ...options, rung: 0 }))).toMatchObject({
    code: 'USAGE',
    message: '--rung does not apply to this sweep',
    details: { got: 'a sweep of experiment trajectory' },
  });
});
