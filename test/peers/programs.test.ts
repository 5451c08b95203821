import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpCommand } from '../../orchestrator/commands/dump.ts';
import { disagrees } from '../../orchestrator/crosscheck/mod.ts';
import { packageRoot } from '../../shared/mod.ts';
import { inProcess, journalLines, makeFolder } from '../support/mod.ts';
import { pythonEnvironment, readNpy, requirePython } from '../unit/dump/support.ts';

/** With the Python of `requirePython` as `python3`. */
function environment() {
  const python = process.env.EDGESWEEP_TEST_PYTHON;
  const { PATH = '' } = pythonEnvironment();
  return { PATH: python === undefined ? PATH : `${dirname(python)}:${PATH}` };
}

/** A folder with the programs of docs/programs as they stand. */
function copyExamples(): string {
  const cwd = makeFolder();
  cpSync(join(packageRoot(), 'docs', 'programs'), cwd, { recursive: true });
  return cwd;
}

/** Runs an example, and returns its table. */
async function runExample(name: string, words: readonly string[] = [], cwd = copyExamples()) {
  const run = await inProcess(['run', `${name}.yaml`, '--slots', '1', ...words], { cwd, env: environment() });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const table = await inProcess(['table', `results/${name.replaceAll('_', '-')}`, '--json'], { cwd });
  return JSON.parse(table.stdout);
}

test('the NumPy example finds the learning rate that theory predicts, within a rung or two', async (context) => {
  requirePython(context, 'numpy');
  const { entries } = await runExample('largest_lr');
  expect(entries).toHaveLength(3);
  for (const { values } of entries) {
    const ratio = values.value.mean / values.theory.mean;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.05 ** 2);
  }
});

test('the PyTorch example trains a convolutional network', { timeout: 600_000 }, async (context) => {
  requirePython(context, 'torch');
  const { entries } = await runExample('cnn', ['--runs', '1', '--set', 'grid.params.lr=0.03']);
  expect(entries).toHaveLength(2);
  for (const { values } of entries) expect(values.accuracy.mean).toBeGreaterThan(0.3);
});

const outcomesIn = (directory: string) => journalLines(directory).map((line) => JSON.parse(line));

test("edgesweep's own search, as a PyTorch program, ends within what crosscheck allows of the built-in one", {
  timeout: 600_000,
}, async (context) => {
  requirePython(context, 'torch');
  const cwd = copyExamples();
  expect(await inProcess(['run', 'smoke', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const checked = await inProcess(['crosscheck', 'smoke', '--json'], { cwd });
  const comparisons = checked.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const builtIn = outcomesIn(join(cwd, 'results/smoke'));
  expect(builtIn).toHaveLength(6);
  const cellOf = ({ activation }: { activation: string }) => ['linear', 'tanh'].indexOf(activation);
  for (const { task, result } of builtIn) {
    for (let rung = 0; rung <= result.rung + 6; rung++) {
      const place = { cell: cellOf(task.cell), run: task.run, rung };
      const out = join(cwd, 'dump', `smoke-cell${place.cell}-run${place.run}-rung${rung}`);
      dumpCommand({ sweep: 'smoke', ...place, out });
    }
  }
  await runExample('mlp', [], cwd);
  const inPyTorch = outcomesIn(join(cwd, 'results/mlp'));
  let predictable = 0;
  for (const { task, result } of builtIn) {
    const { result: theirs } = inPyTorch.find(
      (other) => other.task.run === task.run && other.task.cell.params.cell === cellOf(task.cell),
    );
    const folder = join(cwd, 'dump', `smoke-cell${cellOf(task.cell)}-run${task.run}-rung${theirs.search.rung}`);
    const [loss] = readNpy(folder, 'losses').values;
    const difference = Math.abs(theirs.values.loss - loss) / loss;
    const { reproducible, ...comparison } = comparisons.find((one) => one.task === task.id);
    if (reproducible) predictable += 1;
    // PyTorch in the place of TensorFlow.js: where that parts from the built-in engines in a chaotic training, so may PyTorch
    const rungs: [number, number] = [result.rung, theirs.search.rung];
    const verdict = disagrees({ ...comparison, reproducible, rungs, difference });
    expect([task.id, rungs, verdict]).toEqual([task.id, rungs, false]);
  }
  expect(predictable).toBeGreaterThanOrEqual(4);
});

test.for([
  ['extra/resnet', ['grid.params.blocks=1', 'grid.params.skip=true']],
  ['extra/transformer', ['grid.params.layers=1', 'grid.params.norm=pre,post']],
] as const)('%s finds a step size for each of its networks', { timeout: 600_000 }, async ([name, set], context) => {
  requirePython(context, 'torch');
  const cwd = makeFolder();
  const overrides = [...set, 'search.growth=2'].flatMap((text) => ['--set', text]);
  const run = await inProcess(['run', name, '--runs', '1', '--slots', '1', ...overrides], { cwd, env: environment() });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const outcomes = outcomesIn(join(cwd, 'results', name.replace('/', '-')));
  expect(outcomes).toHaveLength(2);
  for (const { result } of outcomes) expect(result.search).toMatchObject({ end: 'diverged' });
});
