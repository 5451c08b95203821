import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProcess, makeFolder, PROGRAM } from '../support/mod.ts';

/** What the script of a shell is given for these words, the last one unfinished. */
async function complete(words: readonly string[], { shell = 'zsh', cwd = makeFolder() } = {}) {
  const { code, stdout, stderr } = await inProcess(['--complete', shell, ...words], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [how, ...lines] = stdout.trimEnd().split('\n');
  return { how, words: lines.map((line) => line.split('\t')[0]), lines };
}

describe('what is proposed', () => {
  it('commands, with their descriptions', async () => {
    const { how, words, lines } = await complete(['']);
    expect(how).toBe('nothing');
    expect(words).toEqual(expect.arrayContaining(['run', 'list', 'init', 'completion', 'schema']));
    expect(lines[0]).toBe('run\trun a sweep; rerun to resume');
    expect((await complete(['ex'])).words).toEqual(['expand', 'export']);
    expect((await complete(['--v'])).words).toEqual(['--version']);
    expect((await complete(['frobnicate', ''])).words).toEqual([]);
  });

  it('options that are not there yet, and those that may be repeated', async () => {
    const all = (await complete(['run', 'smoke', '--'])).words;
    expect(all).toEqual(expect.arrayContaining(['--runs', '--set', '--nats', '--json', '--help', '--verbose']));
    const left = (await complete(['run', 'smoke', '--runs', '3', '--set', 'runs=3', '--'])).words;
    expect(left).toContain('--set');
    expect(left).not.toContain('--runs');
  });

  it.each([
    [
      ['run', 'smoke', '--engine', ''],
      ['auto', 'native', 'simd', 'reference', 'tfjs'],
    ],
    [['run', 'smoke', '--engine=s'], ['--engine=simd']],
    [
      ['table', 'd', '--format', 'md,t'],
      ['md,tex', 'md,typ', 'md,terminal'],
    ],
    [
      ['plot', 'd', '--format', ''],
      ['svg', 'png', 'vl.json'],
    ],
    [
      ['export', 'd', '--format', ''],
      ['csv', 'parquet'],
    ],
    [['run', 'smoke', '--set', 'grid.act'], ['grid.activation=']],
    [
      ['run', 'smoke', '--set', 'grid.activation=s'],
      ['grid.activation=sigmoid', 'grid.activation=softplus', 'grid.activation=silu'],
    ],
    [['run', 'smoke', '--set', 'grid.activation=tanh,r'], ['grid.activation=tanh,relu']],
    [['run', 'smoke', '--set=engine=t'], ['--set=engine=tfjs']],
    [['run', 'smoke', '--set', 'grid.dataset.kind=mn'], ['grid.dataset.kind=mnist']],
    [
      ['data', ''],
      ['list', 'fetch', 'check', 'push'],
    ],
    [['data', 'fetch', 'c'], ['cifar10']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['run', 'smoke', '--runs', ''], []],
    [['status', '--json', '--watch', '--nats', 'nats://x:4222', '--nats-u'], ['--nats-user']],
  ] as const)('%j', async (words, expected) => {
    expect((await complete(words)).words).toEqual(expected);
  });

  it('a key of --set leaves the word open', async () => {
    expect(await complete(['run', 'smoke', '--set', 'grid.w'])).toMatchObject({
      how: 'nothing open',
      words: ['grid.width='],
    });
  });

  it('sweeps and files, sweep directories and folders, files alone', async () => {
    const cwd = makeFolder();
    await inProcess(['run', 'smoke', '--quiet'], { cwd });
    expect(await complete(['run', 'table-'], { cwd })).toMatchObject({
      how: 'files',
      words: ['table-4.1', 'table-4.2'],
    });
    expect((await complete(['expand', 'extra/'], { cwd })).words).toContain('extra/losses');
    expect(await complete(['table', ''], { cwd })).toMatchObject({ how: 'nothing', words: ['results/smoke'] });
    expect(await complete(['table', 'a', 'b', 'r'], { cwd })).toMatchObject({ words: ['results/smoke'] });
    expect(await complete(['table', 'd'], { cwd })).toMatchObject({ how: 'directories', words: [] });
    expect(await complete(['table', 'results/'], { cwd })).toMatchObject({ how: 'directories', words: [] });
    expect(await complete(['run', 'smoke', '--out', ''], { cwd })).toMatchObject({ how: 'files', words: [] });
    expect(await complete(['worker', '--data-dir='], { cwd })).toMatchObject({ how: 'directories', words: [] });
  });

  it('bash gets what stands after the last = or :, at which it splits words', async () => {
    const bash = (...words: string[]) => complete(words, { shell: 'bash' });
    expect((await bash('run', 'smoke', '--engine', '=', 's')).words).toEqual(['simd']);
    expect((await bash('run', 'smoke', '--set', '=', 'engine', '=')).words).toContain('tfjs');
    expect((await bash('run', 'smoke', '--set', 'grid.activation', '=', 'tanh,r')).words).toEqual(['tanh,relu']);
    expect(
      (await bash('run', 'smoke', '--nats', 'nats', ':', '//x', ':', '4222', '--runs', '2', '--thr')).words,
    ).toEqual(['--threads']);
    expect((await bash('re')).lines).toEqual(['resume', 'retry', 'repair']);
  });
});

it('completion loads no library: neither the parser nor the commands', () => {
  const folder = dirname(PROGRAM);
  const reached = new Set<string>();
  const follow = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    // an import in braces or for its effects, and no import(...)
    for (const [, next] of text.matchAll(/^(?:import|export)\b[^'"()]*["']([^"']+)["']/gm)) {
      if (next.startsWith('./')) follow(next.slice(2));
      else expect(next).toMatch(/^node:/);
    }
  };
  follow('main.js');
  const asked = [...reached].flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/import\("\.\/([^"]+)"\)/g),
  ]);
  const chunk = [...reached, ...asked.map(([, file]) => file)].find((file) => /^complete-(?!sweep-)/.test(file));
  expect(chunk).toBeDefined();
  follow(chunk ?? '');
  const sources = [...reached].flatMap((file) => {
    const map = join(folder, `${file}.map`);
    return existsSync(map) ? (JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }).sources : [];
  });
  expect(sources).toEqual(expect.arrayContaining([expect.stringMatching(/completion\/complete\.ts$/)]));
  expect(
    sources.filter((source) => /node_modules|orchestrator\/(parse|commands\/(?!command\.ts))/.test(source)),
  ).toEqual([]);
});
