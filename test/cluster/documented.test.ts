import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../orchestrator/commands/mod.ts';
import { EXIT_CODES } from '../../shared/mod.ts';
import {
  commandBlocks,
  type Ended,
  elsewhere,
  fileBlocks,
  inProcess,
  makeFolder,
  startHere,
  startNats,
} from '../support/mod.ts';

const DOCUMENT = 'docs/commands.md';
const text = readFileSync(new URL(`../../${DOCUMENT}`, import.meta.url), 'utf8');

it('every example of docs/commands.md runs, one after the other in one folder', async () => {
  const server = await startNats();
  const cwd = makeFolder();
  const ran = new Set<string>();
  for (const { name, text: file } of fileBlocks(DOCUMENT)) writeFileSync(join(cwd, name), file);
  for (const { heading, commands } of commandBlocks(DOCUMENT)) {
    for (const command of commands) {
      if (elsewhere(command) !== undefined) {
        ran.add(command.split(' ')[1]);
        continue;
      }
      const [line, file] = command.split(' > ');
      // the server of this test instead of the usual one
      const words = line.replaceAll('nats://127.0.0.1:4222', server.url).split(' ').slice(1);
      const started = startHere(words, { cwd });
      // it serves until then
      if (words[0] === 'ui') started.interrupt();
      const ended: Ended = await started.ended;
      expect({ command, code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({
        command,
        code: 0,
        stderr: '',
      });
      if (file !== undefined) writeFileSync(join(cwd, file), ended.stdout);
      // the example stands below the heading of its command
      expect(heading.split(' ')[0]).toBe(words[0]);
      ran.add(words[0]);
    }
  }
  expect([...ran].sort()).toEqual(Object.keys(COMMANDS).sort());
  expect(readFileSync(join(cwd, 'smoke.csv'), 'utf8').split('\n').length).toBe(8);
  // what the commands of a server print as JSON, which a directory cannot show
  const json = async (...words: string[]) =>
    (await inProcess([...words, '--nats', server.url, '--json'], { cwd })).stdout
      .trimEnd()
      .split('\n')
      .map((object) => JSON.parse(object));
  const key = expect.stringMatching(/^smoke-/);
  expect(await json('resume', 'smoke')).toMatchObject([
    { sweep: key, message: expect.stringContaining('cancelled'), total: 6 },
  ]);
  expect(await json('retry', 'smoke', '--failed')).toEqual([{ sweep: key, retried: 0, disagreed: 0 }]);
  expect(await json('worker', '--name', 'node-a', '--max-idle', '0')).toContainEqual(
    expect.objectContaining({ event: 'note', node: 'node-a', message: expect.stringContaining('exits') }),
  );
  expect(await json('why', 'cae95e')).toMatchObject([{ server: [{ sweep: key, outcome: { result: {} } }] }]);
  const collected = await inProcess(['run', 'smoke', '--nats', server.url, '--out', 'results/remote', '--quiet'], {
    cwd,
  });
  expect(collected.code).toBe(0);
  expect(collected.stdout).toMatch(/3 of 3/);
});

it('docs/commands.md lists the exit codes and, for every command, what --json prints', async () => {
  for (const { code, meaning } of Object.values(EXIT_CODES)) {
    expect(text).toContain(`| ${code} | ${meaning.replaceAll(/--[a-z-]+/g, '`$&`')} |`);
  }
  const rows = text.slice(text.indexOf('## JSON')).matchAll(/^\| (`.*?) \|/gm);
  const listed = [...rows].flatMap(([, names]) => names.split(', ').map((name) => name.replaceAll('`', '')));
  expect(listed.toSorted()).toEqual(Object.keys(COMMANDS).sort());
  for (const name of Object.keys(COMMANDS)) {
    const { stdout } = await inProcess([name, '--help'], { cwd: makeFolder() });
    expect([name, /^ +--json\b/m.test(stdout)]).toEqual([name, !['completion', 'program'].includes(name)]);
  }
});
