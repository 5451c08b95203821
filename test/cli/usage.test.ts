import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { edgesweep, inProcess, makeFolder } from '../support/mod.ts';

const COMMANDS = ['run', 'expand', 'status', 'table', 'verify', 'data', 'schema'];

it('--help lists the commands, and --version is that of the package', async () => {
  const cwd = makeFolder();
  const help = await inProcess(['--help'], { cwd });
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of COMMANDS) expect(help.stdout).toMatch(new RegExp(`^ +edgesweep ${command}\\b`, 'm'));
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await inProcess(['--version'], { cwd })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

it.each(COMMANDS)('%s --help describes it and its options', async (command) => {
  const help = await inProcess([command, '--help'], { cwd: makeFolder() });
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(new RegExp(`^edgesweep ${command}\\b[^\\n]*\\n\\n\\S`));
  // every option is described
  const [table] = help.stdout.slice(help.stdout.indexOf('Options:')).split('Examples:');
  const options = table.split('\n').filter((line) => /^ +(-[a-z], )?--/.test(line));
  expect(options.length).toBeGreaterThanOrEqual(3);
  for (const line of options) expect(line).toMatch(/^ +(-[a-z], )?--[a-z-]+ {2,}\S/);
});

it.each([
  ['rnu smoke', 'unknown command `rnu`', 'did you mean `run`?'],
  ['frobnicate', 'unknown command `frobnicate`', 'edgesweep --help'],
  ['', 'name a command', 'edgesweep --help'],
  ['run', '`run` needs one more argument', 'edgesweep run --help'],
  ['run smoke again', 'unexpected argument: `again`', 'edgesweep run --help'],
  ['run smoke --thraeds 2', 'unknown option `--thraeds`', 'did you mean `--threads`?'],
  ['run smoke --frobnicate', 'unknown option `--frobnicate`', 'edgesweep run --help'],
  ['run smoke --threads', '--threads needs a value', 'edgesweep run --help'],
  ['run smoke --threads 0', 'invalid number of threads', 'omit it'],
  ['run smoke --threads two', 'the value of --threads is not a number', 'write digits'],
  ['expand smoke --runs abc', 'the value of --runs is not a number', 'write digits'],
  ['run smoke --out a --out b', '--out occurs 2 times', 'keep only one'],
  ['run smoke --out=', 'the sweep directory has no name', 'name a directory'],
  ['run smoke --engine fast', 'Given: "fast", Choices: "auto", "native", "simd", "reference"', 'edgesweep run --help'],
])('`edgesweep %s` is an error of usage, whatever the language of the user', async (line, message, fix) => {
  const words = line.split(' ').filter((word) => word !== '');
  const env = { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  const ended = await inProcess(words, { cwd: makeFolder(), env });
  expect(ended).toMatchObject({ code: 2, signal: null, stdout: '' });
  expect(ended.stderr).toMatch(/^error \[USAGE\]: /);
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).toMatch(/^ +fix: +/m);
  expect(ended.stderr).toContain(fix);
});

it('with --json an error is an event on standard output too', async () => {
  const { code, stdout, stderr } = await inProcess(['status', 'nowhere', '--json'], { cwd: makeFolder() });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error \[DIRECTORY_UNREADABLE\]/) });
  expect(JSON.parse(stdout)).toMatchObject({ event: 'error', code: 'DIRECTORY_UNREADABLE', exitCode: 2 });
});

it('help breaks lines between words', async () => {
  const { stdout } = await edgesweep(['run', '--help'], { cwd: makeFolder() });
  const words = ['EDGESWEEP_NATS_PASSWORD', 'directory', 'commas', 'TensorFlow.js', 'servers'];
  for (const word of words) expect(stdout).toContain(word);
});

it('the number of threads is the flag, else the variable, else the cores', async () => {
  const cwd = makeFolder();
  const run = (variable: string, ...words: string[]) =>
    inProcess(['run', 'smoke', '--quiet', ...words], { cwd, env: { EDGESWEEP_THREADS: variable } });
  expect(await run('none')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/EDGESWEEP_THREADS[\s\S]*got: +none/),
  });
  expect(await run('none', '--threads', '1')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('')).toMatchObject({ code: 0, stderr: '' });
});

it('no more threads than tasks start, and no bad number passes where no thread is needed', async () => {
  const cwd = makeFolder();
  const events = await inProcess(['run', 'smoke', '--threads', '999', '--json'], { cwd });
  expect(events.stdout).toMatch(/"event":"start",.*"total":6,.*"crew":"6 threads"/);
  for (const words of [[], ['--nats', 'nats://127.0.0.1:1']]) {
    const again = await inProcess(['run', 'smoke', '--threads', '0', ...words], { cwd });
    expect(again).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('invalid number of threads') });
  }
  const verified = await inProcess(['verify', 'results/smoke', '--threads', '0'], { cwd });
  expect(verified).toMatchObject({ code: 2, stderr: expect.stringContaining('invalid number of threads') });
});

it('a sweep is overridden by the environment, and that by flags', async () => {
  const cwd = makeFolder();
  const expand = async (...words: string[]) => {
    const env = { EDGESWEEP_RUNS: '5', EDGESWEEP_SEED: '9' };
    const { stdout } = await inProcess(['expand', 'smoke', '--json', ...words], { cwd, env });
    return JSON.parse(stdout.split('\n')[0]).runs;
  };
  expect(await expand()).toBe(5);
  expect(await expand('--runs', '7')).toBe(7);
  const bad = await inProcess(['expand', 'smoke'], { cwd, env: { EDGESWEEP_RUNS: 'many' } });
  expect(bad).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('EDGESWEEP_RUNS') });
});

it('the manifest keeps the command as typed', async () => {
  const cwd = makeFolder();
  const words = ['run', 'smoke', '--out', 'a b', '--set', 'runs=1', '--set', 'grid.depth=2', '--quiet'];
  expect(await inProcess(words, { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(readFileSync(join(cwd, 'a b', 'manifest.json'), 'utf8')).command).toEqual(words);
});
