import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../orchestrator/commands/mod.ts';
import { inProcess, journalLines, makeFolder, outcomesText } from '../support/mod.ts';

/** What each command that reads a sweep directory does with a whole, a partial and a damaged one, as docs/commands.md says. */
const READERS: readonly (readonly [command: string, words: readonly string[]])[] = [
  ['status', ['DIR']],
  ['table', ['DIR']],
  ['plot', ['DIR', '--format', 'vl.json']],
  ['gallery', ['DIR']],
  ['tasks', ['DIR']],
  ['export', ['DIR']],
  ['diff', ['DIR', 'DIR']],
  ['verify', ['DIR', '--quiet']],
  ['why', ['cae95e', '--in', 'DIR']],
];

/** Commands that reach a server. */
const REMOTE = [
  'run',
  'status',
  'worker',
  'pause',
  'resume',
  'cancel',
  'retry',
  'why',
  'doctor',
  'tasks',
  'data',
  'ui',
  'launch',
];

let original: string;

/** Made once, and copied for each test. */
beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), 'edgesweep-test-'));
  await inProcess(['run', 'smoke', '--quiet'], { cwd: original });
});

afterAll(() => rmSync(original, { recursive: true, force: true }));

function copy(change: (lines: string[]) => string[] = (lines) => lines): string {
  const cwd = makeFolder();
  cpSync(original, cwd, { recursive: true });
  const directory = join(cwd, 'results', 'smoke');
  writeFileSync(
    join(directory, 'outcomes.jsonl'),
    change(journalLines(directory))
      .map((line) => `${line}\n`)
      .join(''),
  );
  return cwd;
}

const partial = (lines: string[]) => lines.slice(0, 2);
const damaged = (lines: string[]) => lines.map((line, i) => (i === 1 ? line.replace('"seed":0', '"seed":1') : line));
const withDirectory = (words: readonly string[]) => words.map((word) => (word === 'DIR' ? 'results/smoke' : word));

describe.each(READERS)('%s', (command, words) => {
  const run = (cwd: string, ...more: string[]) => inProcess([command, ...withDirectory(words), ...more], { cwd });

  it('shows what is there of a partial directory', async () => {
    const ended = await run(copy(partial));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toBe('');
  });

  it('refuses a damaged directory, and names the place and the way out', async () => {
    const ended = await run(copy(damaged));
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^error \[JOURNAL_DAMAGED\][\s\S]*results\/smoke\/outcomes\.jsonl:2[\s\S]*edgesweep repair/,
    );
  });

  it('refuses a directory whose sweep cannot be read, and one that is none', async () => {
    const cwd = copy();
    writeFileSync(join(cwd, 'results/smoke/sweep.yaml'), 'name: [');
    expect(await run(cwd)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error \[SWEEP_INVALID\]/),
    });
    const none = await run(makeFolder());
    expect(none).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error \[DIRECTORY_UNREADABLE\]/),
    });
  });

  it('prints JSON with --json, and nothing else on standard output', async () => {
    const ended = await run(copy(partial), '--json', ...(command === 'export' ? ['--out', 'x.csv'] : []));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const whole = command === 'table' || command === 'diff' ? [ended.stdout] : ended.stdout.trimEnd().split('\n');
    for (const text of whole) expect(typeof JSON.parse(text)).toBe('object');
  });
});

it('run refuses a damaged directory, repair mends it, and run computes what is missing', async () => {
  const cwd = copy(damaged);
  const refused = await inProcess(['run', 'smoke', '--quiet'], { cwd });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/JOURNAL_DAMAGED[\s\S]*edgesweep repair/) });
  const repaired = await inProcess(['repair', 'results/smoke', '--json'], { cwd });
  expect(JSON.parse(repaired.stdout)).toMatchObject({ damaged: [{ line: 2 }] });
  expect(await inProcess(['run', 'smoke', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const text = outcomesText(join(cwd, 'results/smoke'));
  expect(text).toBe(outcomesText(join(original, 'results/smoke')));
  expect(await inProcess(['repair', 'results/smoke'], { cwd: copy(partial) })).toMatchObject({
    code: 0,
    stdout: /^0 of 2 /,
  });
});

const server = ['--nats', 'nats://127.0.0.1:1'];

it.each(Object.keys(COMMANDS).filter((name) => !REMOTE.includes(name)))(
  '%s says that it does not ask a server',
  async (name) => {
    const { words = '' } = COMMANDS[name];
    const positionals = words
      .split(' ')
      .filter((word) => word.startsWith('<'))
      .map(() => (name === 'completion' ? 'bash' : 'x'));
    const ended = await inProcess([name, ...positionals, ...(name === 'dump' ? ['--cell', '0'] : []), ...server], {
      cwd: makeFolder(),
    });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(`error [USAGE]: \`${name}\` does not ask a server`);
    expect(ended.stderr).toContain('edgesweep run SWEEP --nats URL');
  },
);

it.each([
  ['run', 'smoke', '--quiet'],
  ['status'],
  ['pause', 'smoke'],
  ['resume', 'smoke'],
  ['cancel', 'smoke'],
  ['retry', 'smoke', '--failed'],
  ['why', 'cae95e'],
  ['tasks', 'results/smoke'],
])('%s says so where the server does not answer', async (...words) => {
  const ended = await inProcess([...words, ...server], { cwd: copy(partial) });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^error \[NATS_UNREACHABLE\][\s\S]*127\.0\.0\.1:1[\s\S]*fix: /);
});

it('why prints its records as JSON, the task once', async () => {
  const { stdout } = await inProcess(['why', 'cae95e', '--json'], { cwd: copy() });
  const { task, records, server: none } = JSON.parse(stdout);
  expect(task).toMatchObject({ id: expect.stringMatching(/^cae95e/), experiment: 'maximal-step-size', seed: 0 });
  expect(records).toEqual([
    { directory: expect.stringMatching(/smoke$/), outcome: expect.objectContaining({ result: expect.anything() }) },
  ]);
  expect(records[0].outcome.task).toBeUndefined();
  expect(none).toBeUndefined();
});
