import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../shared/mod.ts';
import { inProcess, makeFolder } from '../support/mod.ts';
import { pythonEnvironment, requirePython } from '../unit/dump/support.ts';

/** Runs an example of docs/programs as it stands, in a folder of its own. */
async function runExample(name: string, words: readonly string[] = []) {
  const cwd = makeFolder();
  for (const file of [`${name}.py`, `${name}.yaml`, 'edgesweep_task.py'])
    cpSync(join(packageRoot(), 'docs', 'programs', file), join(cwd, file));
  const python = process.env.EDGESWEEP_TEST_PYTHON;
  const { PATH = '' } = pythonEnvironment();
  const env = { PATH: python === undefined ? PATH : `${dirname(python)}:${PATH}` };
  const run = await inProcess(['run', `${name}.yaml`, '--slots', '1', ...words], { cwd, env });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return inProcess(['table', `results/${name.replaceAll('_', '-')}`, '--json'], { cwd });
}

test('the NumPy example finds the learning rate that theory predicts, within a rung or two', async (context) => {
  requirePython(context, 'numpy');
  const { entries } = JSON.parse((await runExample('largest_lr')).stdout);
  expect(entries).toHaveLength(3);
  for (const { values } of entries) {
    const ratio = values.value.mean / values.theory.mean;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.05 ** 2);
  }
});

test('the PyTorch example trains a convolutional network', { timeout: 240_000 }, async (context) => {
  requirePython(context, 'torch');
  const { entries } = JSON.parse((await runExample('cnn', ['--runs', '1', '--set', 'grid.params.lr=0.03'])).stdout);
  expect(entries).toHaveLength(2);
  for (const { values } of entries) expect(values.accuracy.mean).toBeGreaterThan(0.3);
});
