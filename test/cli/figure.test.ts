import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder } from '../support/mod.ts';

it('plot and gallery draw what run has computed, in files, and run goes on in the directory', async () => {
  const cwd = makeFolder();
  const set = ['--set', 'grid.depth=2,3'];
  expect((await inProcess(['run', 'smoke', '--quiet', ...set], { cwd })).code).toBe(0);
  const plotted = await inProcess(['plot', 'results/smoke', '--x', 'depth', '--log', 'y'], { cwd });
  const files = ['svg', 'png', 'vl.json'].map((ending) => join(cwd, 'results/smoke', `figure.${ending}`));
  expect(plotted).toEqual({ code: 0, signal: null, stdout: `${files.join('\n')}\n`, stderr: '' });
  expect(readFileSync(files[0], 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
  expect(readFileSync(files[1]).subarray(1, 4).toString()).toBe('PNG');
  expect(JSON.parse(readFileSync(files[2], 'utf8')).$schema).toContain('vega-lite');

  const page = await inProcess(['gallery', 'results/smoke', '--out', 'page.html'], { cwd });
  expect(page).toMatchObject({ code: 0, stdout: `${join(cwd, 'page.html')}\n`, stderr: '' });
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('<!DOCTYPE html>');
  expect((await inProcess(['run', 'smoke', '--quiet', ...set], { cwd })).code).toBe(0);
});

it.each([
  [['plot', 'nowhere'], 'DIRECTORY_UNREADABLE'],
  [['plot', '.', '--format', 'gif'], 'one or more of svg, png, vl.json'],
  [['plot', '.', '--log', 'z'], 'one or more of x, y'],
  [['gallery', 'nowhere'], 'DIRECTORY_UNREADABLE'],
])('%j is an error of usage', async (words, problem) => {
  expect(await inProcess(words, { cwd: makeFolder() })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(problem),
  });
});
