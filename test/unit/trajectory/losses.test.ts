import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dataNeeds, decodeSeries, type TrajectoryCell, type TrajectoryTask } from '../../../shared/mod.ts';
import { testExamplesOf } from '../../../worker/data/mod.ts';
import { engineOf, resolveEngine } from '../../../worker/engines/mod.ts';
import { initialWeights } from '../../../worker/experiments/trajectory/mod.ts';
import { runTask, startTraining } from '../../../worker/mod.ts';
import { asText, digestOfFiles, makeFolder, standIn, testStandIn, writeFiles } from '../../support/mod.ts';
import { lossAt, outputsAt } from '../engines/float64-mlp.ts';
import { runAndKill, trajectoryTask } from './support.ts';

const [training, tested] = [standIn('mnist', 40), testStandIn('mnist', 30)];
const [digest, testDigest] = [digestOfFiles(training.files), digestOfFiles(tested.files)];
const dataset = {
  kind: 'mnist' as const,
  examples: 21,
  choose: 'first' as const,
  standardize: 'channel' as const,
  classes: [1, 3, 4, 7],
  dimensions: 784,
  outputs: 4,
  digest,
};
const test = { every: 3, examples: 9, digest: testDigest };

let folder: string;
beforeEach(() => {
  folder = makeFolder();
  writeFiles(join(folder, 'mnist'), new Map([...training.files, ...tested.files]));
});

function classTask(
  trajectory: Partial<TrajectoryCell['trajectory']>,
  rest: Partial<Omit<TrajectoryCell, 'trajectory'>> = {},
): TrajectoryTask {
  const scheme = { kind: 'constant' as const, stepSize: 0.05 };
  const settings = { iterations: 11, every: 5, ...trajectory };
  return trajectoryTask({
    dataset: { ...dataset, examples: 13 },
    loss: 'cross-entropy',
    scheme,
    ...rest,
    trajectory: settings,
  });
}

const engines = ['reference', 'simd', resolveEngine('auto')] as const;

async function run(task: TrajectoryTask) {
  const { file } = await runTask(task, 'simd', { folders: [folder] });
  const { columns } = await decodeSeries(file!);
  return (name: string) => [...(columns.get(name) ?? [])];
}

describe('a trajectory of the cross-entropy, with its Gauss-Newton matrix and a test set', () => {
  it.each([
    ['constant', classTask({ gaussNewton: true, test })],
    ['layer 1/lambda', classTask({ test }, { scheme: { kind: 'layer 1/lambda', factor: 1 }, activation: 'gelu' })],
    ['mse', classTask({ gaussNewton: true, test, layers: false }, { loss: undefined })],
  ] as const)('has the same bytes on every engine: %s', async (_, task) => {
    const [reference, ...others] = await Promise.all(
      engines.map((engine) => runTask(task, engine, { folders: [folder] })),
    );
    for (const { result, file } of others) {
      expect(result).toEqual(reference.result);
      expect(asText(file!)).toBe(asText(reference.file!));
    }
  });

  it('resumes to the same bytes, on another engine', async () => {
    const task = classTask({ gaussNewton: true, test });
    const through = await runTask(task, 'simd', { folders: [folder] });
    for (const at of [2, 9]) {
      const checkpoints = makeFolder();
      await runAndKill(task, checkpoints, at, [folder]);
      const resumed = await runTask(task, 'reference', {
        folders: [folder],
        checkpoints: { folder: checkpoints, seconds: 1000 },
      });
      expect(resumed).toEqual({ ...through, engine: 'reference' });
    }
  });

  it('has the losses and accuracies of a float64 network', async () => {
    const task = classTask({ test });
    const column = await run(task);
    const { problem } = startTraining(task, engineOf('simd'), [folder]);
    const w = initialWeights(problem, task.seed, task.run);
    const { cell } = task;
    const held = testExamplesOf(cell.dataset, test, task.seed, task.run, [folder]);
    expect(held.count).toBe(9);
    const inFloat64 = (examples: typeof held) => {
      const whole = { ...problem, examples, batchSize: examples.count, iterations: 1, lossLimit: 1 };
      const z = outputsAt(whole, w);
      const places = (values: ArrayLike<number>, e: number) => {
        const row = Array.from({ length: 4 }, (_, j) => values[4 * e + j]);
        return row.indexOf(Math.max(...row));
      };
      const right = Array.from({ length: examples.count }, (_, e) => Number(places(z, e) === places(examples.y, e)));
      return { loss: lossAt(whole, w), accuracy: right.reduce((sum, one) => sum + one, 0) / examples.count };
    };
    const [trained, untrained] = [problem.examples, held].map(inFloat64);
    expect(column('loss')[0]).toBeCloseTo(trained.loss, 5);
    expect(column('test_loss')[0]).toBeCloseTo(untrained.loss, 5);
    expect(column('accuracy')[0]).toBe(trained.accuracy);
    expect(column('test_accuracy')[0]).toBe(untrained.accuracy);
    const measured = column('test_loss').flatMap((value, i) => (Number.isNaN(value) ? [] : [i + 1]));
    expect(measured).toEqual([1, 4, 7, 10]);
  });

  it('is trained on as without them', async () => {
    const [plain, measured] = [await run(classTask({})), await run(classTask({ gaussNewton: true, test }))];
    for (const name of ['loss', 'sharpness', 'sharpness_layer_2', 'gradient_norm']) {
      expect(measured(name)).toEqual(plain(name));
    }
    expect(plain('test_loss')).toEqual([]);
    const [h, g] = ['sharpness', 'gauss_newton_sharpness'].map(measured);
    expect(g.map(Number.isNaN)).toEqual(h.map(Number.isNaN));
    // G has no negative eigenvalue, and H = G where nothing is left of the residual part
    expect(g.filter((value) => !Number.isNaN(value)).every((value) => value > 0)).toBe(true);
    const layers = await run(classTask({ gaussNewton: true }, { activation: 'linear', depth: 1 }));
    const linear = layers('sharpness').map((value, i) => [value, layers('gauss_newton_sharpness')[i]]);
    for (const [whole, part] of linear) if (!Number.isNaN(whole)) expect(part / whole).toBeCloseTo(1, 4);
  });

  it('needs the files of its test set', async () => {
    // not one that the thread has read
    const unread = testStandIn('mnist', 30, 4);
    const unreadDigest = digestOfFiles(unread.files);
    const task = classTask({ test: { ...test, digest: unreadDigest } });
    expect(dataNeeds([task.cell])).toEqual([
      { kind: 'mnist', digest },
      { kind: 'mnist', digest: unreadDigest, part: 'test' },
    ]);
    expect(dataNeeds([classTask({}).cell])).toEqual([{ kind: 'mnist', digest }]);
    const without = makeFolder();
    writeFiles(join(without, 'mnist'), training.files);
    await expect(runTask(task, 'simd', { folders: [without] })).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: 'the test set of mnist is missing',
    });
    writeFiles(join(without, 'mnist'), testStandIn('mnist', 30, 3).files);
    await expect(runTask(task, 'simd', { folders: [without] })).rejects.toMatchObject({ code: 'DATA_DIFFERS' });
    // beside it as a node would put it: in a folder of its own
    writeFiles(join(without, `mnist-${unreadDigest.slice(0, 12)}`), unread.files);
    await runTask(task, 'simd', { folders: [without] });
    const few = classTask({ test: { ...test, examples: 20 } });
    await expect(runTask(few, 'simd', { folders: [folder] })).rejects.toMatchObject({ code: 'DATA_TOO_FEW' });
  });
});

it('of synthetic data there is a test loss and no accuracy', async () => {
  const column = await run(trajectoryTask({ trajectory: { test: { every: 5, examples: 50 } } }));
  expect(column('test_loss').filter((value) => !Number.isNaN(value))).toHaveLength(8);
  expect(column('accuracy')).toEqual([]);
});
