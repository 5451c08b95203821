import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, inProcess, journalLines, makeFolder, PROGRAM, startProcess } from '../support/mod.ts';

it('--quiet leaves the table only', async () => {
  const ended = await inProcess(['run', 'smoke', '--quiet'], { cwd: makeFolder() });
  expect(ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Smoke test/) });
});

it('--json writes an event a line, the table last', async () => {
  const { code, stdout, stderr } = await inProcess(['run', 'smoke', '--json'], { cwd: makeFolder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ event }) => event)).toEqual(['start', ...Array(6).fill('progress'), 'end', 'table']);
  expect(events[0]).toMatchObject({ done: 0, failed: 0, total: 6, left: null });
  expect(events[6]).toMatchObject({ done: 6, total: 6, left: 0 });
  expect(events.at(-1).table).toMatchObject({ name: 'smoke', tasks: { done: 6, total: 6 } });
});

/** Runs a pipeline of the shell in which `$0 $1` is the program. */
function shell(script: string, cwd: string): Promise<Ended> {
  return startProcess('bash', ['-c', `set -o pipefail; ${script}`, process.execPath, PROGRAM], { cwd }).ended;
}

describe('a reader that stops early is no error', () => {
  it('of a long list', async () => {
    const wide = `"$0" "$1" expand smoke --set 'grid.width={from: 1, to: 50000, step: 1}' | head -1`;
    const ended = await shell(wide, makeFolder());
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^all cells: depth 3, [^\n]*\n$/);
  });

  it.each(['--json | head -1', '2>&1 | head -1'])('of a run, which goes on: %s', async (rest) => {
    const cwd = makeFolder();
    expect(await shell(`"$0" "$1" run smoke ${rest}`, cwd)).toMatchObject({ code: 0, stderr: '' });
    expect(journalLines(join(cwd, 'results/smoke'))).toHaveLength(6);
  });
});

/** Runs the words on a pseudo-terminal; undefined, with the reason printed, where there is no `script` to make one. */
async function onTerminal(
  words: readonly string[],
  env: Record<string, string | undefined>,
): Promise<Ended | undefined> {
  if (spawnSync('script', ['-q', '/dev/null', 'true']).error !== undefined) {
    console.warn('no pseudo-terminal here: the command `script` is missing');
    return undefined;
  }
  const command = [process.execPath, PROGRAM, ...words];
  const quoted = command.map((word) => `'${word}'`).join(' ');
  const all = process.platform === 'linux' ? ['-qec', quoted, '/dev/null'] : ['-q', '/dev/null', ...command];
  return startProcess('script', all, { cwd: makeFolder(), env: { TERM: 'xterm', ...env } }).ended;
}

const ESCAPE = '\u001b';

describe('on a terminal', () => {
  it('a coloured bar is drawn and cleared, and the cursor is there again', async ({ skip }) => {
    const ended = await onTerminal(['run', 'smoke', '--threads', '1'], { NO_COLOR: undefined });
    if (ended === undefined) return skip('no pseudo-terminal here');
    expect(ended.code).toBe(0);
    const { stdout } = ended;
    expect(stdout).toContain(`${ESCAPE}[36m${'░'.repeat(16)}${ESCAPE}[39m 0/6 tasks`);
    expect(stdout).toMatch(/█{16}.{0,6} 6\/6 tasks, [\d.]+ a second, 0 s left/);
    // the bar's line is cleared for the conclusion
    expect(stdout).toContain(`${ESCAPE}[1G${ESCAPE}[2K6/6 tasks in `);
    expect(stdout.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(stdout.lastIndexOf(`${ESCAPE}[?25l`));
    expect(stdout).toContain(`${ESCAPE}[1mactivation `);
    expect(stdout).not.toContain('\\u001b');
  });

  it('NO_COLOR keeps colours out of bar and table', async ({ skip }) => {
    const ended = await onTerminal(['run', 'smoke'], { NO_COLOR: '1' });
    if (ended === undefined) return skip('no pseudo-terminal here');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`${'#'.repeat(16)} 6/6 tasks`);
    // SGR sequences: colours and bold
    expect(ended.stdout.split(ESCAPE).filter((part) => /^\[[\d;]*m/.test(part))).toEqual([]);
  });

  it('a note stands on a line of its own above the bar', async ({ skip }) => {
    const impossible = ['run', 'smoke', '--set', 'grid.width=4,100000', '--set', 'runs=1'];
    const ended = await onTerminal(impossible, { NO_COLOR: '1' });
    if (ended === undefined) return skip('no pseudo-terminal here');
    expect(ended.code).toBe(1);
    const screen = render(ended.stdout);
    expect(screen.filter((line) => /^task [0-9a-f]{32} failed: /.test(line))).toHaveLength(2);
    expect(screen.filter((line) => line.includes('#') || line.includes('...'))).toEqual([]);
    expect(screen).toContainEqual(expect.stringMatching(/^2\/4 tasks, 2 failed in \d+ s$/));
  });
});

/** The lines that a terminal of endless height shows in the end; it knows the sequences that bars use. */
function render(output: string): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  let saved = [0, 0];
  for (const [, sequence, parameter, final, saving, other] of output.matchAll(
    new RegExp(`(${ESCAPE}\\[\\??(\\d*)([A-Za-z]))|(${ESCAPE}[78])|([\\s\\S])`, 'gu'),
  )) {
    if (saving !== undefined) {
      if (saving.endsWith('7')) saved = [row, column];
      else [row, column] = saved;
    } else if (sequence !== undefined) {
      if (final === 'G') column = Number(parameter || 1) - 1;
      else if (final === 'K') lines[row] = parameter === '2' ? '' : lines[row].slice(0, column);
    } else if (other === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (other === '\r') column = 0;
    else {
      lines[row] = lines[row].slice(0, column).padEnd(column) + other + lines[row].slice(column + 1);
      column += 1;
    }
  }
  return lines;
}
