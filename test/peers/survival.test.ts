import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../shared/mod.ts';
import { inProcess, makeFolder } from '../support/mod.ts';
import { PYTHON, pythonEnvironment, requirePython } from '../unit/dump/support.ts';

const NETWORK = 'width: 5, dataset: {kind: synthetic, examples: 16, dimensions: 4}';
const SWEEPS = {
  survival: `runs: 2
grid: {stepSize: {from: 0.3, to: 25, factor: 1.5}, activation: [linear, tanh, relu, sigmoid], ${NETWORK}, batchSize: [full, 6]}
survival: {steps: 40, initializations: 6}
`,
  phases: `runs: 2
grid: {c: {from: 1, to: 20, factor: 1.6}, activation: [linear, tanh, relu, sigmoid], depth: 2, ${NETWORK}}
phases: {steps: 40}
`,
};

test('NumPy in float64, from the tasks alone, comes to the verdicts of survival and phases', {
  timeout: 240_000,
}, async (context) => {
  requirePython(context, 'numpy');
  const cwd = makeFolder();
  for (const [name, rest] of Object.entries(SWEEPS)) {
    writeFileSync(join(cwd, `${name}.yaml`), `name: ${name}\ntitle: Peer\nexperiment: ${name}\n${rest}`);
    const ended = await inProcess(['run', `${name}.yaml`, '--out', name, '--quiet'], { cwd });
    expect(ended).toMatchObject({ code: 0 });
  }
  const script = join(packageRoot(), 'peers/survival.py');
  const { status, stdout } = spawnSync(PYTHON, [script, 'survival', 'phases', '--json'], {
    cwd,
    env: pythonEnvironment(),
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const [survival, phases] = JSON.parse(stdout);
  expect(survival).toMatchObject({ trials: 11 * 4 * 2 * 2 * 6, unexplained: 0 });
  expect(survival.agree / survival.trials).toBeGreaterThan(0.97);
  expect(phases).toMatchObject({ trials: 7 * 4 * 2, unexplained: 0 });
  expect(phases.sharpness).toBeLessThan(1e-3);
});
