import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpCommand } from '../../../orchestrator/commands/dump.ts';
import { NUMERICS, softwareVersion } from '../../../shared/mod.ts';
import { expand, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { engineOf, ladder, problemOf, runTask } from '../../../worker/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { dump, python, readNpy, readTrial, refusal, requirePython, SMALL } from './support.ts';

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

test('a dump holds data, initial parameters in order, losses and the description, and nothing else', () => {
  const folder = dump({});
  const shapes = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.npy'))
      .map((name) => [name, readNpy(folder, name.slice(0, -4)).shape]),
  );
  expect(shapes).toEqual({
    'X.npy': [12, 4],
    'Y.npy': [12, 3],
    'weight-1.npy': [5, 4],
    'bias-1.npy': [5],
    'weight-2.npy': [5, 5],
    'bias-2.npy': [5],
    'weight-3.npy': [3, 5],
    'bias-3.npy': [3],
    'losses.npy': [10],
  });
  expect(readdirSync(folder)).toHaveLength(10);
  expect(readNpy(folder, 'X').type).toBe('<f4');
});

test('of a reduced sweep the data have as many inputs as examples, and the first layer starts on them', () => {
  const set = [...SMALL, 'grid.dataset.examples=3', 'data.reduce=row-space'];
  const folder = join(makeFolder(), 'dump');
  dumpCommand({ sweep: 'table-4.1', overrides: { flags: { set } }, cell: 1, run: 0, rung: 0, out: folder });
  expect(readNpy(folder, 'X').shape).toEqual([3, 3]);
  expect(readNpy(folder, 'weight-1').shape).toEqual([5, 3]);
  expect(readTrial(folder)).toMatchObject({ task: { cell: { data: { reduce: 'row-space-1' } } } });
});

test('the description says which trial it is and how it ended', () => {
  const folder = dump({ cell: 3, run: 2, rung: 5 });
  const stepSize = [0, 1, 2, 3, 4].reduce((product) => product * 1.01, 0.1);
  expect(readTrial(folder)).toMatchObject({
    sweep: 'table-4.1',
    cell: 3,
    run: 2,
    rung: 5,
    seed: 0,
    stepSize,
    stepSizeFloat32: Math.fround(stepSize),
    activation: 'sigmoid',
    depth: 3,
    batchSize: 12,
    iterations: 10,
    lossAbove: null,
    divergence: null,
    task: { numerics: NUMERICS, cell: { width: 5 }, run: 2 },
    version: softwareVersion(),
  });
});

test('the losses are those of the search at that rung, on the simd engine too', async () => {
  const sweep = loadSweepOf('maximal-step-size', 'table-4.1', { flags: { set: SMALL } });
  const task = expand(sweep).task(1, 3);
  const { rung, divergence } = (await runTask(task, 'simd')).result;
  const folder = dump({ cell: 1, run: 3, rung });
  expect(readTrial(folder)).toMatchObject({ task, divergence });

  const problem = problemOf(task.cell, sweep.seed, 3);
  const trial = [...ladder(task.cell.search, sweep.seed, 3)][rung];
  const [{ losses }] = engineOf('simd').prepare(problem).train([trial]);
  expect(readNpy(folder, 'losses').values).toEqual([...losses]);
  expect(losses).toHaveLength(divergence?.iteration ?? 0);
});

test('the losses follow from the files alone', () => {
  // iteration 1: linear network, so the prediction is W3 (W2 (W1 x + b1) + b2) + b3
  const folder = dump({ cell: 0 });
  const { shape, values: x } = readNpy(folder, 'X');
  const y = readNpy(folder, 'Y').values;
  let sum = 0;
  for (let e = 0; e < shape[0]; e++) {
    let h = x.slice(e * shape[1], (e + 1) * shape[1]);
    for (const layer of [1, 2, 3]) {
      const weights = readNpy(folder, `weight-${layer}`);
      const [outputs, inputs] = weights.shape;
      const biases = readNpy(folder, `bias-${layer}`).values;
      const previous = h;
      h = Array.from({ length: outputs }, (_, j) =>
        previous.reduce((total, value, i) => total + value * weights.values[j * inputs + i], biases[j]),
      );
    }
    h.forEach((prediction, o) => {
      sum += (prediction - y[e * 3 + o]) ** 2;
    });
  }
  expect(readNpy(folder, 'losses').values[0] / (sum / y.length)).toBeCloseTo(1, 5);
});

test('shuffled batches come with their order: a permutation for each pass, others in other trials', () => {
  const set = [...SMALL, 'grid.batchSize=5', 'search.steps=10']; // 3 batches a pass, so 4 passes, the last begun
  const orderOf = (trial: { run?: number; rung?: number }) => readNpy(dump({ set, ...trial }), 'order');
  const { type, shape, values } = orderOf({});
  expect({ type, shape }).toEqual({ type: '<i4', shape: [4, 12] });
  const passes = [0, 1, 2, 3].map((pass) => values.slice(12 * pass, 12 * (pass + 1)));
  for (const pass of passes) expect(sorted(pass)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  expect(new Set(passes.map(String)).size).toBe(4);
  expect(orderOf({ run: 1 }).values).not.toEqual(values);
  expect(orderOf({ rung: 1 }).values).not.toEqual(values);
});

test('a batch of all examples has no order', () => {
  expect(readdirSync(dump({}))).not.toContain('order.npy');
});

test('losses end at the divergence, the order does not', () => {
  const set = [...SMALL, 'grid.batchSize=4', 'search.steps=30', 'search.initialStepSize=50'];
  const folder = dump({ set });
  const { divergence } = readTrial(folder);
  expect(divergence.iteration).toBeLessThan(30);
  expect(readNpy(folder, 'losses').shape).toEqual([divergence.iteration]);
  expect(Number.isFinite(readNpy(folder, 'losses').values.at(-1))).toBe(false);
  expect(readNpy(folder, 'order').shape).toEqual([10, 12]);
});

test('a limit on the loss is described', () => {
  const folder = dump({ set: [...SMALL, 'search.criterion={lossAbove: 0.5}'] });
  expect(readTrial(folder)).toMatchObject({ lossAbove: 0.5, divergence: { iteration: 1, kind: 'loss-above' } });
});

test('the same trial gives the same bytes', () => {
  const [first, second] = [dump({}), dump({})];
  for (const name of readdirSync(first)) {
    expect(readFileSync(join(first, name)).equals(readFileSync(join(second, name))), name).toBe(true);
  }
});

test('without a folder it goes to dump/ in the current one, named after the trial', () => {
  const here = process.cwd();
  const folder = makeFolder();
  process.chdir(folder);
  try {
    const options = { sweep: 'table-4.1', overrides: { flags: { set: SMALL } }, cell: 2, run: 1, rung: 3 };
    expect(dumpCommand(options)).toBe(join('dump', 'table-4.1-cell2-run1-rung3'));
    expect(readTrial(join(folder, 'dump/table-4.1-cell2-run1-rung3'))).toMatchObject({ cell: 2, run: 1, rung: 3 });
  } finally {
    process.chdir(here);
  }
});

test.each([
  [{ cell: 4 }, 'a cell from 0 to 3'],
  [{ cell: -1 }, 'a cell from 0 to 3'],
  [{ cell: 0.5 }, 'a cell from 0 to 3'],
  [{ cell: Number.NaN }, 'a cell from 0 to 3'],
  [{ run: 10 }, 'a run from 0 to 9'],
  [{ rung: -1 }, 'a rung from 0 to 1157'],
  [{ rung: 1158 }, 'a rung from 0 to 1157'],
])('%o does not exist: refused with what does', (choice, expected) => {
  const out = join(makeFolder(), 'trial');
  const { code, details } = refusal(() => dump({ ...choice, out }));
  expect({ code, got: details.got }).toEqual({ code: 'USAGE', got: String(Object.values(choice)[0]) });
  expect(details.expected).toContain(expected);
  expect(() => readdirSync(out)).toThrow('ENOENT');
});

test('what chooses from a training is refused', () => {
  const options = { sweep: 'table-4.1', cell: 0, run: 0, out: join(makeFolder(), 'trial') };
  expect(refusal(() => dumpCommand({ ...options, iterations: [1] }))).toMatchObject({
    code: 'USAGE',
    message: '--iterations does not apply to this sweep',
    details: { got: 'a sweep of experiment maximal-step-size' },
  });
  expect(refusal(() => dumpCommand({ ...options, dense: true })).code).toBe('USAGE');
});

test('the last rung is the last under the ceiling', () => {
  expect(readTrial(dump({ rung: 1157 })).stepSize).toBeLessThanOrEqual(1e4);
});

test('a folder with something in it, or a file, is left alone', () => {
  const out = makeFolder();
  writeFileSync(join(out, 'mine.txt'), 'mine');
  expect(refusal(() => dump({ out })).code).toBe('DIRECTORY_NOT_EMPTY');
  expect(readdirSync(out)).toEqual(['mine.txt']);
  expect(refusal(() => dump({ out: join(out, 'mine.txt') })).code).toBe('DIRECTORY_NOT_EMPTY');
  expect(readFileSync(join(out, 'mine.txt'), 'utf8')).toBe('mine');
});

test('an empty folder is used', () => {
  const out = join(makeFolder(), 'empty');
  mkdirSync(out);
  expect(dump({ out })).toBe(out);
  expect(readdirSync(out)).toContain('trial.json');
});

test('what the disk refuses is a DISK error with the place', () => {
  const file = join(makeFolder(), 'file');
  writeFileSync(file, '');
  const out = join(file, 'trial');
  expect(refusal(() => dump({ out }))).toMatchObject({ code: 'DISK', details: { where: out } });
});

test('NumPy reads every file', (context) => {
  requirePython(context, 'numpy');
  const folder = dump({ set: [...SMALL, 'grid.batchSize=5'] });
  const code = `
import json, numpy, pathlib, sys
arrays = {path.stem: numpy.load(path) for path in pathlib.Path(sys.argv[1]).glob("*.npy")}
print(json.dumps({name: [a.dtype.str, list(a.shape), a.ravel().tolist()] for name, a in arrays.items()}))
`;
  const arrays: Record<string, [string, number[], number[]]> = JSON.parse(python(code, folder));
  const names = readdirSync(folder).filter((name) => name.endsWith('.npy'));
  expect(Object.keys(arrays)).toHaveLength(names.length);
  for (const [name, [type, shape, values]] of Object.entries(arrays)) {
    expect({ type, shape, values }, name).toEqual(readNpy(folder, name));
  }
});
