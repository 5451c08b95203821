import { describe, expect, it } from 'vitest';
import { inProcess, makeFolder, writeSweep } from '../support/mod.ts';

/** Two activations, 2 runs. */
const makeSweep = (folder: string): string =>
  writeSweep(folder, {
    runs: 2,
    grid: '{activation: [linear, relu], depth: 2, width: 4, dataset: {kind: synthetic, examples: 10, dimensions: 4}}',
    search: '{initialStepSize: 0.2, growth: 1.2, steps: 20, ceiling: 1.0e+4}',
  });

describe('crosscheck', () => {
  it('compares simd with TensorFlow.js, activation by activation', async () => {
    const cwd = makeFolder();
    const { code, stdout, stderr } = await inProcess(['crosscheck', makeSweep(cwd), '--threads', '1'], { cwd });
    expect(code).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^activation +tasks +same rung +largest +mean /);
    expect(lines[0]).toMatch(/^linear +2 +\d +\d/);
    expect(lines[1]).toMatch(/^relu +2 +\d +\d/);
    expect(lines[2]).toContain('difference between simd and tfjs');
    expect(stderr).toMatch(/^0\/4 tasks \(1 thread\)\n(.*\n)*4\/4 tasks in /);
    expect(stderr).not.toMatch(/warn|TensorFlow/i);
  });

  it('finds no difference between simd and reference, in any order, on a sample', async () => {
    const cwd = makeFolder();
    const sweep = makeSweep(cwd);
    for (const engines of ['simd,reference', 'reference,simd']) {
      const words = ['crosscheck', sweep, '--engines', engines, '--sample', '3', '--quiet'];
      const { code, stdout, stderr } = await inProcess(words, { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const [, linear, relu] = stdout.split('\n');
      expect(linear).toMatch(/^linear +2 +2 +0 +0\.00 .* 0 +\d+ %$/);
      expect(relu).toMatch(/^relu +1 +1 +0 +0\.00 .* 0 +\d+ %$/);
    }
    const words = ['crosscheck', sweep, '--engines', 'simd,reference', '--sample', '1', '--quiet'];
    const narrow = await inProcess(words, { cwd, columns: 50 });
    expect(narrow.stdout).toContain(`${'─'.repeat(50)}\nactivation   linear\ntasks        1\nsame rung    1\n`);
  });

  it('refuses what cannot be compared', async () => {
    const cwd = makeFolder();
    const sweep = makeSweep(cwd);
    const refused = async (...words: string[]) => {
      const { code, stdout, stderr } = await inProcess(['crosscheck', ...words], { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused(sweep, '--engines', 'simd')).toContain('compares two engines');
    expect(await refused(sweep, '--engines', 'simd,simd')).toContain(
      'two different ones of native, simd, reference, tfjs',
    );
    expect(await refused(sweep, '--engines', 'simd,torch')).toContain('simd,torch');
    expect(await refused(sweep, '--sample', '0')).toContain('the sample cannot be used');
    expect(await refused(sweep, '--engine', 'simd')).toContain('--engines');
    const adam = ['--set', 'grid.optimizer=[{kind: adam}]'];
    expect(await refused(sweep, ...adam)).toMatch(
      /does not support the optimiser(.|\n)*optimizer adam(.|\n)*got: +engine simd/,
    );
    expect(await refused('figure-3.1', '--engines', 'simd,reference')).toContain(
      'expected: experiment maximal-step-size',
    );
  });
});
