import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIVATIONS, LOSSES } from '../../shared/mod.ts';
import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/mod.ts';
import { requireFashionMnist } from '../golden/image-tasks.ts';
import { makeFolder } from '../support/mod.ts';
import { dump, falsify, readTrial, requirePython, runPeer } from '../unit/dump/support.ts';

/** A dump of the sigmoid at its maximal step size, where the divergence can be predicted. */
async function dumpDivergence(): Promise<string> {
  const task = expand(loadSweepOf('maximal-step-size', 'table-4.1')).task(3, 0);
  return dump({ set: [], cell: 3, rung: (await runTask(task, 'simd')).result.rung });
}

test('PyTorch comes to the same losses with every activation, full batch and shuffled', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  const folders = ACTIVATIONS.flatMap((_, cell) =>
    ['full', '1', '32'].map((batchSize) => {
      const grid = [`grid.activation=${ACTIVATIONS.join(',')}`, `grid.batchSize=${batchSize}`];
      return dump({ set: [...grid, 'search.initialStepSize=0.02'], cell });
    }),
  );
  const { status, stdout } = runPeer(['replay', '--json', ...folders]);
  const { trials } = JSON.parse(stdout);
  expect(trials).toHaveLength(24);
  for (const trial of trials) {
    expect(trial).toMatchObject({ iterationsCompared: 100, divergence: null, sameDivergence: true, agrees: true });
    expect(trial.largestRelativeDifference).toBeLessThan(1e-4);
  }
  expect(status).toBe(0);
});

test('PyTorch comes to the same losses with every loss and optimiser on Fashion-MNIST', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  requireFashionMnist();
  const folders = LOSSES.flatMap((loss) =>
    ['sgd', 'momentum', 'nesterov'].flatMap((kind) =>
      ['full', '7'].map((batchSize) => {
        const dataset = 'grid.dataset={kind: fashion-mnist, examples: 40}';
        const grid = [`grid.loss=${loss}`, `grid.optimizer={kind: ${kind}}`, `grid.batchSize=${batchSize}`, dataset];
        return dump({ set: [...grid, 'search.initialStepSize=0.02', 'search.steps=60'] });
      }),
    ),
  );
  const described = folders.map((folder) => readTrial(folder));
  expect(described[4]).toMatchObject({ loss: 'mse', optimizer: { kind: 'nesterov', momentum: 0.9 } });
  expect(described[6]).toMatchObject({ loss: 'cross-entropy', optimizer: { kind: 'sgd' } });
  const { status, stdout } = runPeer(['replay', '--json', ...folders]);
  for (const trial of JSON.parse(stdout).trials) {
    expect(trial).toMatchObject({ iterationsCompared: 60, divergence: null, sameDivergence: true, agrees: true });
    expect(trial.largestRelativeDifference).toBeLessThan(1e-4);
  }
  expect(status).toBe(0);
});

test('PyTorch diverges at the same iteration where that can be predicted', { timeout: 240_000 }, async (context) => {
  requirePython(context, 'torch');
  const folder = await dumpDivergence();
  const { status, stdout } = runPeer(['replay', '--json', folder]);
  const [trial] = JSON.parse(stdout).trials;
  expect(trial).toMatchObject({ divergencePredictable: true, sameDivergence: true, agrees: true });
  expect(trial.divergencePyTorch).toEqual(readTrial(folder).divergence);
  expect(status).toBe(0);
});

test('wrong losses, parameters, data, orders and divergences are found', { timeout: 240_000 }, async (context) => {
  requirePython(context, 'torch');
  const right = dump({ set: ['search.steps=20', 'grid.batchSize=50'] });
  const divergent = await dumpDivergence();
  const falsified: string[] = [];
  const copyOf = (folder: string, what: string) => {
    const copy = join(makeFolder(), what);
    cpSync(folder, copy, { recursive: true });
    falsified.push(copy);
    return copy;
  };
  falsify(copyOf(right, 'one-percent-off'), 'losses', (loss) => loss * 1.01);
  falsify(copyOf(right, 'infinite'), 'losses', () => Number.POSITIVE_INFINITY);
  falsify(copyOf(right, 'nan'), 'losses', () => Number.NaN);
  falsify(copyOf(right, 'weight'), 'weight-2', (weight) => weight + 0.3);
  falsify(copyOf(right, 'bias'), 'bias-3', (bias) => bias + 0.3);
  falsify(copyOf(right, 'target'), 'Y', (target) => target + 30);
  const { batchSize, divergence, ...trial } = readTrial(right);
  const describe = (folder: string, changes: object) =>
    writeFileSync(join(folder, 'trial.json'), JSON.stringify({ ...trial, batchSize, divergence, ...changes }));
  describe(copyOf(right, 'batch-size'), { batchSize: 49 });
  describe(copyOf(right, 'activation'), { activation: 'sigmoid' });
  describe(copyOf(right, 'loss'), { loss: 'cross-entropy' });
  describe(copyOf(right, 'optimizer'), { optimizer: { kind: 'momentum', momentum: 0.5 } });
  describe(copyOf(right, 'divergence'), { divergence: { iteration: 20, kind: 'nan' } });
  const late = readTrial(divergent);
  describe(copyOf(divergent, 'later'), {
    ...late,
    divergence: { ...late.divergence, iteration: late.divergence.iteration + 1 },
  });

  const { status, stdout } = runPeer(['replay', right, divergent, ...falsified]);
  const verdicts = stdout.trim().split('\n').slice(1);
  expect(verdicts.map((line) => line.split(/\s+/).at(-1))).toEqual(['yes', 'yes', ...falsified.map(() => 'NO')]);
  expect(status).toBe(1);
});

test('timings are served line by line, on one thread', { timeout: 240_000 }, (context) => {
  requirePython(context, 'torch');
  const shape = { activation: 'tanh', depth: 3, width: 4, inputs: 4, outputs: 4, examples: 8 };
  const requests = [
    { ...shape, batchSize: 8, steps: 5 },
    { ...shape, batchSize: 3, steps: 7 },
  ];
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { status, stdout } = runPeer(['time'], { input });
  const lines = stdout.trim().split('\n');
  const [greeting, ...answers] = lines.map((line) => JSON.parse(line));
  expect(status).toBe(0);
  expect(greeting).toMatchObject({ torch: expect.any(String), threads: 1 });
  expect(answers).toHaveLength(2);
  for (const { secondsPerStep } of answers) expect(secondsPerStep).toBeGreaterThan(0);
});

test('where PyTorch is missing, it says so and how to get it', (context) => {
  requirePython(context, 'sys');
  const stubs = makeFolder();
  writeFileSync(join(stubs, 'torch.py'), 'raise ModuleNotFoundError("No module named \'torch\'", name="torch")\n');
  writeFileSync(join(stubs, 'numpy.py'), '');
  const { status, stdout, stderr } = runPeer(['time'], { environment: { PYTHONPATH: stubs } });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toContain('apt install python3-torch');
  expect(stderr).toContain('pip install torch');
  expect(stderr).not.toContain('Traceback');
});
