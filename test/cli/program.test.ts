import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { edgesweep, makeFolder } from '../support/mod.ts';

/** What only a process of its own can show; most of the command line is tested within the process of the tests. */

it('--help and --version end well', async () => {
  const cwd = makeFolder();
  const help = await edgesweep(['--help'], { cwd });
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^edgesweep COMMAND\n/) });
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await edgesweep(['--version'], { cwd })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

it('a relative path starts in the folder of the process, and is shown as it was typed', async () => {
  const cwd = makeFolder();
  const ended = await edgesweep(['run', 'smoke', '--out', 'done', '--quiet'], { cwd });
  expect(ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Smoke test/) });
  expect(readdirSync(cwd)).toEqual(['done']);
  const again = await edgesweep(['plot', 'done', '--format', 'vl.json'], { cwd });
  expect(again).toMatchObject({ code: 0, stdout: 'done/figure.vl.json\n' });
  const missing = await edgesweep(['table', 'nowhere'], { cwd });
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/where: +nowhere\n/) });
});

it('an error of usage ends with 2, in English whatever the language of the user', async () => {
  const env = { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  const ended = await edgesweep(['run', 'smoke', '--threads'], { cwd: makeFolder(), env });
  expect(ended).toMatchObject({ code: 2, signal: null, stdout: '' });
  expect(ended.stderr).toMatch(/^error \[USAGE\]: --threads needs a value\n/);
});

it('a stack names files of the program with --verbose', async () => {
  const ended = await edgesweep(['run', 'nothing', '--verbose'], { cwd: makeFolder() });
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error \[SWEEP_NOT_FOUND\]/) });
  expect(ended.stderr).toMatch(/^ +at readSweep \(.*shared\/sweep\/read\.(ts|js):\d+:\d+\)$/m);
});
