import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EdgesweepError, errorLine, formatError, visible, visibleOnTerminal } from '../../shared/mod.ts';
import { runCli } from '../support/in-process.ts';
import { forgedLine, inProcess, journalLines, makeFolder, writeSweep } from '../support/mod.ts';

/** Sets the title of the window, deletes the screen, writes to the clipboard, starts a line of its own, reverses what follows. */
const HOSTILE =
  'n\u001b]0;owned\u0007\u001b[2J\u009b31m\u001b]52;c;bHM=\u0007\r\nerror [DISK]: a false line\n  fix:      rm\u202egnp.exe\u007f';
const ACTS = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** A directory whose title, provenance and manifest came from somebody else, with digests that fit. */
async function hostileDirectory() {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    name: 'sweep',
    grid: '{activation: [tanh, relu], depth: 3, width: 3, dataset: {kind: synthetic, examples: 5, dimensions: 2}}',
    search: '{initialStepSize: 0.5, growth: 1.5, steps: 5, ceiling: 4.0}',
  });
  expect((await inProcess(['run', sweep, '--quiet'], { cwd })).code).toBe(0);
  const directory = join(cwd, 'results/sweep');
  const file = join(directory, 'sweep.yaml');
  const yaml = readFileSync(file, 'utf8').replace(/^title: .*$/m, `title: ${JSON.stringify(HOSTILE)}`);
  writeFileSync(file, yaml);
  const provenance = { engine: HOSTILE, host: HOSTILE, version: HOSTILE, node: HOSTILE };
  const lines = journalLines(directory).map((line) =>
    forgedLine(line, (text) => {
      const outcome = JSON.parse(text);
      return JSON.stringify({ ...outcome, provenance: { ...outcome.provenance, ...provenance } });
    }),
  );
  writeFileSync(join(directory, 'outcomes.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const { digest: _, ...manifest } = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  writeFileSync(
    join(directory, 'manifest.json'),
    `${JSON.stringify({ ...manifest, command: ['run', HOSTILE] }, null, 2)}\n`,
  );
  return { cwd, directory, task: JSON.parse(lines[0]).task.id as string };
}

it('no command lets text of a directory act on a terminal or begin a line of its own', async () => {
  const { cwd, directory, task } = await hostileDirectory();
  const d = 'results/sweep';
  for (const words of [
    ['status', d],
    ['status', d, '--json'],
    ...['md', 'csv', 'json', 'tex', 'typ', 'terminal'].map((format) => ['table', d, '--format', format]),
    ['tasks', d],
    ['tasks', d, '--format', 'csv'],
    ['tasks', d, '--json'],
    ['export', d],
    ['diff', d, d],
    ['list'],
    ['why', task.slice(0, 12)],
    ['repair', d],
    ['gallery', d, '--out', 'page.html'],
    ['plot', d, '--format', 'svg'],
    ['run', join(d, 'sweep.yaml'), '--out', d],
    ['run', HOSTILE],
    ['run', 'smoke', '--set', HOSTILE],
    ['why', HOSTILE],
    ['status', HOSTILE],
    [HOSTILE],
  ]) {
    const { stdout, stderr } = await inProcess(words, { cwd });
    expect(`${words}: ${stdout}${stderr}`.slice(String(words).length)).not.toMatch(ACTS);
    expect(`${stdout}${stderr}`).not.toMatch(/^error \[DISK\]: a false line/m);
    expect(`${stdout}${stderr}`).not.toMatch(/^ {2}fix: +rm/m);
  }
  for (const file of ['table.md', 'table.csv', 'table.tex', 'figure.svg']) {
    expect(readFileSync(join(directory, file), 'utf8'), file).not.toMatch(ACTS);
  }
  expect(readFileSync(join(cwd, 'page.html'), 'utf8')).not.toMatch(ACTS);
});

it('damage to a journal and to a sweep file is reported without acting on a terminal', async () => {
  const { cwd, directory } = await hostileDirectory();
  writeFileSync(join(directory, 'outcomes.jsonl'), `{"task":"${HOSTILE}"}\n`);
  const damaged = await inProcess(['table', 'results/sweep'], { cwd });
  expect(damaged).toMatchObject({ code: 2 });
  expect(damaged.stderr).not.toMatch(ACTS);
  expect((await inProcess(['repair', 'results/sweep'], { cwd })).stdout).not.toMatch(ACTS);
  mkdirSync(join(cwd, 'bad'));
  writeFileSync(join(cwd, 'bad/sweep.yaml'), `name: ${JSON.stringify(HOSTILE)}\n${JSON.stringify(HOSTILE)}: 1\n`);
  const bad = await inProcess(['run', 'bad/sweep.yaml'], { cwd });
  expect(bad.code).toBe(2);
  expect(bad.stderr).not.toMatch(ACTS);
  expect(bad.stderr.match(/^ {2}fix:/gm)).toHaveLength(1);
});

it('an error says what it was given, in lines of its own', () => {
  const error = new EdgesweepError('DISK', HOSTILE, { where: HOSTILE, got: HOSTILE, fix: 'nothing' });
  const text = formatError(error);
  expect(text).not.toMatch(ACTS);
  expect(text.match(/^error \[/gm)).toHaveLength(1);
  expect(text.match(/^ {2}fix: /gm)).toEqual(['  fix: ']);
  expect(text).toContain('\\u001b]0;owned\\u0007');
  expect(errorLine(error)).not.toMatch(/\n/);
  expect(errorLine(error)).not.toMatch(ACTS);
});

it('on a terminal colours and cursor movements pass, titles and the clipboard do not', () => {
  expect(visibleOnTerminal('\u001b[1mbold\u001b[22m \u001b[?25l\u001b[H\u001b[J\u001b7\u001b8\r')).toBe(
    '\u001b[1mbold\u001b[22m \u001b[?25l\u001b[H\u001b[J\u001b7\u001b8\r',
  );
  expect(visibleOnTerminal('\u001b]0;owned\u0007\u009b')).toBe('\\u001b]0;owned\\u0007\\u009b');
  expect(visible('plain ±–† text\n\twith höst')).toBe('plain ±–† text\n\twith höst');
});

it('bytes pass as they are', async () => {
  const { cwd } = await hostileDirectory();
  const parts: Buffer[] = [];
  const { Writable } = await import('node:stream');
  const stdout = new Writable({
    write(part: Buffer, _, done) {
      parts.push(part);
      done();
    },
  });
  const stderr = new Writable({ write: (_part, _, done) => done() });
  const catchInterrupt = () => ({
    drain: new AbortController().signal,
    stop: new AbortController().signal,
    release() {},
  });
  await runCli(['export', 'results/sweep', '--format', 'parquet'], { stdout, stderr, env: {}, cwd, catchInterrupt });
  const file = Buffer.concat(parts);
  expect(file.subarray(0, 4).toString()).toBe('PAR1');
  expect(file.subarray(-4).toString()).toBe('PAR1');
});
