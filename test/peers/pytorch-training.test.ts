import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIVATIONS } from '../../shared/mod.ts';
import { requireFashionMnist } from '../golden/image-tasks.ts';
import { makeFolder } from '../support/mod.ts';
import { dumpTraining, falsify, readTraining, requirePython, runPeer } from '../unit/dump/support.ts';

type Quantity = { quantity: string; relativeDifference: number | null; agrees: boolean };

const SCHEMES = [
  'grid.scheme={kind: constant, stepSize: 0.05}',
  'grid.scheme={kind: layer 1/lambda, factor: 1}',
  'grid.scheme={kind: line-search}',
];

test('PyTorch comes to the same loss, gradient, sharpness and Hessian with every activation', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  const folders = ACTIVATIONS.map((_, cell) =>
    dumpTraining({
      set: [`grid.activation=${ACTIVATIONS.join(',')}`, SCHEMES[cell % SCHEMES.length]],
      cell,
      iterations: [1, 15, 16, 30],
      dense: true,
    }),
  );
  const { status, stdout } = runPeer(['replay', '--json', ...folders]);
  const { trainings } = JSON.parse(stdout);
  expect(trainings).toHaveLength(8);
  for (const { activation, iterations } of trainings) {
    expect(iterations).toHaveLength(4);
    for (const { iteration, quantities, sameStep } of iterations) {
      // of each block the norm of the gradient, the gradient itself and the sharpness
      expect(quantities.length).toBeGreaterThanOrEqual(1 + 4 + 4 + 4 + 1);
      if (iteration === 15) expect(sameStep).toBe(true);
      for (const quantity of quantities)
        expect(quantity, `${activation}, ${iteration}`).toMatchObject({ agrees: true });
    }
  }
  expect(status).toBe(0);
});

test('PyTorch comes to the same batch sharpness and batch steps, of batches and of the full batch', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  const settings = 'trajectory.batches={count: 6, size: 5, eigenvalues: 3}';
  const folders = ['grid.batchSize=6', 'grid.batchSize=full'].map((batchSize) =>
    dumpTraining({ set: [settings, batchSize], cell: 1, iterations: [7, 8] }),
  );
  const wrong = join(makeFolder(), 'wrong');
  cpSync(folders[0], wrong, { recursive: true });
  const training = readTraining(wrong);
  training.iterations[0].batches.means[2].ofRatios.value *= 1.01;
  training.iterations[1].batch[0] = training.iterations[1].batch[1];
  writeFileSync(join(wrong, 'trajectory.json'), JSON.stringify(training));
  const { stdout } = runPeer(['replay', '--json', ...folders, wrong]);
  const { trainings } = JSON.parse(stdout);
  expect(trainings.map(({ agrees }: { agrees: boolean }) => agrees)).toEqual([true, true, false]);
  const [first, second] = trainings[2].iterations.map(({ quantities }: { quantities: Quantity[] }) =>
    quantities.filter(({ agrees }) => !agrees).map(({ quantity }) => quantity),
  );
  expect(first).toEqual(['batch sharpness of layer 2']);
  expect(second).toContain('loss');
  const [{ quantities }] = trainings[0].iterations;
  // of the network and three layers: three means and their errors
  const ofBatches = quantities.filter(({ quantity }: Quantity) => quantity.includes('batch'));
  expect(ofBatches).toHaveLength(4 * 6);
});

test('PyTorch comes to the same under both losses, with the Gauss-Newton matrix, test loss and accuracies', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  requireFashionMnist();
  const set = [
    'grid.activation=gelu,tanh',
    'grid.loss=cross-entropy,mse',
    'grid.dataset={kind: fashion-mnist, examples: 30, classes: [1, 3, 5]}',
    'trajectory.gaussNewton=true',
    'trajectory.test.examples=50',
  ];
  const [right, squares] = [0, 3].map((cell) => dumpTraining({ set, cell, iterations: [1, 29] }));
  const copyWith = (change: (one: ReturnType<typeof readTraining>) => void) => {
    const folder = join(makeFolder(), 'wrong');
    cpSync(right, folder, { recursive: true });
    const training = readTraining(folder);
    training.iterations = training.iterations.slice(1);
    change(training.iterations[0].columns);
    writeFileSync(join(folder, 'trajectory.json'), JSON.stringify(training));
    return folder;
  };
  const wrong = {
    'Gauss-Newton sharpness of layer 2': (columns: Record<string, number>) => {
      columns.gauss_newton_sharpness_layer_2 *= 1.01;
    },
    'test loss': (columns: Record<string, number>) => {
      columns.test_loss *= 1.001;
    },
    'test accuracy': (columns: Record<string, number>) => {
      columns.test_accuracy -= 0.02;
    },
  };
  const { status, stdout } = runPeer(['replay', '--json', right, squares, ...Object.values(wrong).map(copyWith)]);
  const [first, second, ...others] = JSON.parse(stdout).trainings;
  for (const { iterations } of [first, second]) {
    for (const { quantities } of iterations) {
      // loss, gradients, sharpness aside and recorded, Gauss-Newton, test loss, accuracies
      expect(quantities).toHaveLength(1 + 8 + 4 + 4 + 4 + 3);
      for (const quantity of quantities) expect(quantity).toMatchObject({ agrees: true });
    }
  }
  const found = others.map(({ iterations: [{ quantities }] }: { iterations: { quantities: Quantity[] }[] }) =>
    quantities.filter(({ agrees }) => !agrees).map(({ quantity }) => quantity),
  );
  expect(found).toEqual(Object.keys(wrong).map((name) => [name]));
  expect(status).toBe(1);
});

test('PyTorch comes to the same directions, preconditioners and preconditioned sharpness with every optimiser', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  const iterations = Array.from({ length: 12 }, (_, i) => i + 1);
  const scheme = 'grid.scheme={kind: warm-up, stepSize: 0.01, iterations: 20}';
  // from a cold start a looser tolerance may find the second of two close eigenvalues
  const solver = 'trajectory.solver={kind: lanczos, tolerance: 1e-6, maxProducts: 300}';
  const folders = ['momentum', 'nesterov', 'adam', 'rmsprop'].map((kind) => {
    const set = [`grid.optimizer={kind: ${kind}}`, scheme, solver];
    if (kind === 'adam' || kind === 'rmsprop') set.push('trajectory.preconditioned=true');
    return dumpTraining({ set, iterations });
  });
  const { status, stdout } = runPeer(['replay', '--json', ...folders]);
  const { trainings } = JSON.parse(stdout) as {
    trainings: { iterations: { quantities: Quantity[]; sameStep?: boolean }[] }[];
  };
  for (const [i, training] of trainings.entries()) {
    const quantities = training.iterations.flatMap((one) => one.quantities);
    const count = (word: string) => quantities.filter(({ quantity }) => quantity.startsWith(word)).length;
    expect(count('direction')).toBe(12);
    expect(count('preconditioner')).toBe(i < 2 ? 0 : 12);
    // of the network and three layers; what the task recorded itself besides
    expect(count('preconditioned sharpness')).toBe(i < 2 ? 0 : 4 * 12);
    expect(count('preconditioned recorded')).toBe(i < 2 ? 0 : 4 * 2);
    for (const quantity of quantities) expect(quantity).toMatchObject({ agrees: true });
    expect(training.iterations.slice(0, -1).every(({ sameStep }) => sameStep)).toBe(true);
  }
  expect(status).toBe(0);
});

test("of the power iteration the eigenvalue of the largest magnitude is PyTorch's", { timeout: 240_000 }, (context) => {
  requirePython(context, 'torch');
  const folder = dumpTraining({
    set: ['trajectory.solver={kind: power, tolerance: 1e-6, maxProducts: 1000}'],
    cell: 3,
  });
  const { status, stdout } = runPeer(['replay', folder]);
  expect(stdout).toMatch(/ yes\n.* yes\n$/);
  expect(status).toBe(0);
});

test('more parameters than a matrix is made of are compared by products', { timeout: 240_000 }, (context) => {
  requirePython(context, 'torch');
  const folder = dumpTraining({ set: ['grid.width=48', 'trajectory.iterations=5'], iterations: [5] });
  const { status, stdout } = runPeer(['replay', '--json', folder]);
  const [{ quantities }] = JSON.parse(stdout).trainings[0].iterations;
  const sharpness = quantities.filter(({ quantity }: Quantity) => quantity.startsWith('sharpness'));
  expect(sharpness).toHaveLength(4);
  for (const { relativeDifference } of sharpness) expect(relativeDifference).toBeLessThan(1e-3);
  expect(status).toBe(0);
});

test('wrong parameters, gradients, data and values are found, each where it is', { timeout: 240_000 }, (context) => {
  requirePython(context, 'torch');
  const right = dumpTraining({ iterations: [7, 8], dense: true });
  const cases: { folder: string; found: RegExp }[] = [];
  const copyOf = (what: string, found: RegExp) => {
    const folder = join(makeFolder(), what);
    cpSync(right, folder, { recursive: true });
    cases.push({ folder, found });
    return folder;
  };
  const array = (name: string, found: RegExp, change: (value: number) => number) =>
    falsify(copyOf(name.replace('/', '-'), found), name, change);
  array('iteration-7/weight-2', /^loss$/, (weight) => weight + 0.3);
  array('iteration-8/bias-1', /^loss$/, (bias) => bias + 0.3);
  array('iteration-7/gradient-weight-1', /^gradient of layer 1$/, (g) => g + 0.01);
  array('iteration-8/hessian', /^hessian$/, (h) => h + 1);
  array('Y', /^loss$/, (y) => y + 3);
  const edit = (what: string, found: RegExp, change: (iteration: ReturnType<typeof readTraining>) => void) => {
    const folder = copyOf(what, found);
    const training = readTraining(folder);
    change(training.iterations[1]);
    writeFileSync(join(folder, 'trajectory.json'), JSON.stringify(training));
  };
  edit('loss', /^loss$/, (one) => {
    one.loss *= 1.001;
  });
  edit('norm', /^norm of gradient of layer 2$/, (one) => {
    one.layerGradientNorms[1] *= 1.001;
  });
  edit('sharpness', /^sharpness$/, (one) => {
    one.sharpness.value *= 1.01;
  });
  edit('infinite', /^sharpness$/, (one) => {
    one.sharpness.value = null;
  });
  edit('layer', /^sharpness of layer 3$/, (one) => {
    one.layerSharpness[2].value *= 0.99;
  });
  edit('recorded', /^recorded sharpness of layer 1$/, (one) => {
    one.recorded.layerSharpness[0] *= 1.01;
  });
  const step = copyOf('step', /^$/);
  const training = readTraining(step);
  training.iterations[0].stepSize *= 1.0001;
  writeFileSync(join(step, 'trajectory.json'), JSON.stringify(training));

  const folders = cases.map(({ folder }) => folder);
  const { status, stdout } = runPeer(['replay', '--json', right, ...folders]);
  const [truth, ...others] = JSON.parse(stdout).trainings;
  expect(truth.agrees).toBe(true);
  expect(others.map(({ agrees }: { agrees: boolean }) => agrees)).toEqual(cases.map(() => false));
  for (const [i, { iterations }] of others.entries()) {
    const wrong = iterations.flatMap((one: { quantities: Quantity[]; sameStep?: boolean }) => [
      ...one.quantities.filter(({ agrees }) => !agrees).map(({ quantity }) => quantity),
      ...(one.sameStep === false ? [''] : []),
    ]);
    expect(wrong).toContainEqual(expect.stringMatching(cases[i].found));
  }
  expect(status).toBe(1);

  const table = runPeer(['replay', folders[0]]);
  expect(table.stdout.split('\n')[1]).toMatch(/! .* NO$/);
});

test('sharpness is timed and judged where a training was dumped', { timeout: 240_000 }, (context) => {
  requirePython(context, 'torch');
  const folder = dumpTraining({ iterations: [20] });
  const place = { folder, iteration: 20 };
  const [{ sharpness, layerSharpness }] = readTraining(folder).iterations;
  const [all, ...layers] = [73, 25, 30, 18].map((length) => Array.from({ length }, () => 1));
  const values = [sharpness, ...layerSharpness].map(({ value }) => value);
  const found = [[values[0], all], ...layers.map((vector, l) => [values[l + 1], vector])];
  const requests = [
    { kind: 'measure', ...place, measurements: 2 },
    { kind: 'judge', ...place, found: [found] },
    { kind: 'judge-own', ...place, starts: 3 },
  ];
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { status, stdout } = runPeer(['time'], { input });
  expect(status).toBe(0);
  const [, timed, ours, own] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(timed.secondsPerMeasurement).toBeGreaterThan(0);
  expect(timed.products).toBeGreaterThanOrEqual(8);
  // a right value with a wrong vector
  for (const { error, residual } of ours.verdicts[0]) {
    expect(error).toBeLessThan(1e-3);
    expect(residual).toBeGreaterThan(0.1);
  }
  expect(own.largest).toEqual(ours.largest);
  expect(own.verdicts.flat()).toHaveLength(12);
  for (const { error, residual } of own.verdicts.flat()) expect(error).toBeLessThan(0.2 + residual);
});
