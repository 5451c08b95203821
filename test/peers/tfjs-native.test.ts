import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../support/mod.ts';

/** The folder that peers/tfjs-native.sh installed into; `make tfjs-native` sets it. */
const installed = process.env.EDGESWEEP_TEST_TFJS_NATIVE;
if (installed === undefined) console.warn('the native library of TensorFlow.js is tried only in `make tfjs-native`');

const CHAOTIC = ['grid.width=8', 'grid.activation=tanh', 'grid.loss=cross-entropy'].flatMap((set) => ['--set', set]);

describe.skipIf(installed === undefined)(
  'with @tensorflow/tfjs-node',
  () => {
    const edgesweep = (words: readonly string[], cwd: string) =>
      promisify(execFile)(join(installed!, 'node_modules/.bin/edgesweep'), [...words], {
        cwd,
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
      });

    it('doctor names the native backend', async () => {
      const { stdout } = await edgesweep(['doctor'], makeFolder());
      expect(stdout).toContain('engine tfjs: backend node: @tensorflow/tfjs-node loads its native library');
    });

    it.each([
      ['perceptrons', ['table-4.2', '--sample', '4', '--set', 'search.growth=1.5']],
      ['convolutional networks', ['extra/cnn', '--sample', '4', '--set', 'grid.width=4', '--set', 'search.growth=3']],
      // a loss of one training hangs on the last place of the step size, and is 1.2e-3 apart
      ['trainings that are chaotic', ['extra/cnn', '--sample', '1', ...CHAOTIC]],
    ])('%s agree with simd', async (_name, words) => {
      const cwd = makeFolder();
      const { stdout } = await edgesweep(['crosscheck', ...words, '--engines', 'simd,tfjs', '--threads', '1'], cwd);
      expect(stdout).toContain('same rung');
    });

    it('an outcome names the backend that computed it', async () => {
      const cwd = makeFolder();
      await edgesweep(['run', 'smoke', '--engine', 'tfjs', '--threads', '1', '--quiet'], cwd);
      const [line] = readFileSync(join(cwd, 'results/smoke/outcomes.jsonl'), 'utf8').split('\n');
      expect(JSON.parse(line)).toMatchObject({ provenance: { engine: 'tfjs (node)' } });
    });
  },
  // minutes on an idle machine, where TensorFlow has all cores
  1_800_000,
);
