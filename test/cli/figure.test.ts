import { readdirSync, readFileSync } from 'node:fs';
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

it('no figure of another state stays in a directory unsaid', async () => {
  const cwd = makeFolder();
  const directory = join(cwd, 'results/smoke');
  const run = (...words: string[]) => inProcess(['run', 'smoke', '--quiet', ...words], { cwd });
  const figures = () => readdirSync(directory).filter((name) => name.startsWith('figure.'));
  await run();
  await inProcess(['plot', 'results/smoke', '--format', 'svg,png'], { cwd });
  // what is complete is left alone
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect(figures()).toEqual(['figure.png', 'figure.svg']);

  const png = await inProcess(['plot', 'results/smoke', '--format', 'png'], { cwd });
  expect(png).toMatchObject({ code: 0, stderr: '' });
  const titled = await inProcess(['plot', 'results/smoke', '--format', 'png', '--title', 'Other'], { cwd });
  expect(titled).toMatchObject({ code: 0, stdout: `${join(directory, 'figure.png')}\n` });
  expect(titled.stderr).toContain(`${join(directory, 'figure.svg')} shows an earlier figure`);

  const other = await run('--seed', '3');
  expect(other).toMatchObject({ code: 0, stderr: expect.stringContaining('removed figure.svg, figure.png') });
  expect(other.stderr).toContain(`edgesweep plot ${directory}`);
  expect(figures()).toEqual([]);
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
