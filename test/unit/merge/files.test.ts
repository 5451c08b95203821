import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FailureLog, Progress, readRecordedFailures, takeReadLock } from '../../../orchestrator/directory/mod.ts';
import type { SearchTask } from '../../../shared/mod.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { allTasks, makeOutcome } from '../directory/support.ts';
import { at, inOwnFolders, merge, record, SWEEP, shard } from './support.ts';

inOwnFolders();

it('failures and checkpoints of tasks that are not recorded are copied, the newest of each task', async () => {
  const [first, second, third] = allTasks(expand(SWEEP));
  const a = await record('a', { outcomes: [makeOutcome(first)] });
  const b = await record('b', { outcomes: [makeOutcome(second)] });
  const fail = async (directory: string, tasks: SearchTask[]) => {
    const log = new FailureLog(directory, new Progress(expand(SWEEP)));
    for (const task of tasks) log.add(task, { code: 'TASK_FAILED', message: directory });
    await log.close();
  };
  await fail(a, [second, third]);
  for (const [directory, tasks] of [
    [a, [second, third]],
    [b, [third]],
  ] as const) {
    mkdirSync(join(directory, 'checkpoints'));
    for (const { id } of tasks) writeFileSync(join(directory, 'checkpoints', `${id}.checkpoint`), directory);
  }
  utimesSync(join(a, 'checkpoints', `${third.id}.checkpoint`), 1, 1);
  await merge('all', [a, b]);
  expect((await readRecordedFailures(at('all'))).map(({ task }) => task.id)).toEqual([third.id]);
  expect(readdirSync(join(at('all'), 'checkpoints'))).toEqual([`${third.id}.checkpoint`]);
  expect(readFileSync(join(at('all'), 'checkpoints', `${third.id}.checkpoint`), 'utf8')).toBe(b);
  // with the last task recorded, no failure is left in a directory that is added to
  await merge('all', [await record('c', { outcomes: [makeOutcome(third)] })]);
  expect(readdirSync(at('all'))).not.toContain('failures.jsonl');
});

it('lines that were moved aside come along once, and neither a link nor a pipe is followed', async () => {
  const a = await record('a', shard(1, 2));
  const b = await record('b', shard(2, 2));
  const aside = (directory: string) => join(directory, 'damaged-lines.jsonl');
  writeFileSync(aside(a), '{"line":1}\n{"line":2}\n');
  writeFileSync(aside(b), '{"line":2}\n{"line":3}');
  for (let times = 0; times < 2; times += 1) {
    await merge('all', [a, b]);
    expect(readFileSync(aside(at('all')), 'utf8')).toBe('{"line":1}\n{"line":2}\n{"line":3}\n');
  }
  const victim = at('victim');
  writeFileSync(victim, 'mine\n');
  rmSync(aside(at('all')));
  symlinkSync(victim, aside(at('all')));
  await expect(merge('all', [a])).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
  expect(readFileSync(victim, 'utf8')).toBe('mine\n');
  rmSync(aside(at('all')));
  for (const name of ['lock', 'outcomes.jsonl', 'damaged-lines.jsonl', 'sweep.yaml']) {
    rmSync(join(b, name));
    execFileSync('mkfifo', [join(b, name)]);
    await expect(merge('all', [b])).rejects.toMatchObject({
      code: 'DIRECTORY_UNREADABLE',
      details: { where: join(b, name) },
    });
    rmSync(join(b, name));
    cpSync(join(a, name), join(b, name));
  }
  rmSync(join(b, 'lock'));
  execFileSync('mkfifo', [join(b, 'lock')]);
  expect(() => takeReadLock(b, false)).toThrow('the sweep directory cannot be read');
});

it('logs and checkpoints are replaced as a whole, and what is neither file nor folder among them stays where it is', async () => {
  const [first] = allTasks(expand(SWEEP));
  const a = await record('a', { outcomes: [] });
  const b = await record('b', { outcomes: [] });
  await merge('all', [a]);
  for (const directory of [a, at('all')]) {
    mkdirSync(join(directory, 'logs'));
    writeFileSync(join(directory, 'logs', `${first.id}.log`), directory);
    mkdirSync(join(directory, 'checkpoints', first.id), { recursive: true });
    writeFileSync(join(directory, 'checkpoints', first.id, 'state'), directory);
  }
  for (const folder of ['logs', 'checkpoints']) {
    execFileSync('mkfifo', [join(a, folder, 'pipe'), join(a, 'checkpoints', first.id, `pipe-${folder}`)]);
  }
  for (const name of [`logs/${first.id}.log`, `checkpoints/${first.id}`]) utimesSync(join(at('all'), name), 1, 1);
  const before = statSync(join(at('all'), 'logs', `${first.id}.log`)).ino;
  await merge('all', [a, b]);
  expect(readFileSync(join(at('all'), 'logs', `${first.id}.log`), 'utf8')).toBe(a);
  expect(statSync(join(at('all'), 'logs', `${first.id}.log`)).ino).not.toBe(before);
  expect(readdirSync(join(at('all'), 'logs'))).toEqual([`${first.id}.log`]);
  expect(readdirSync(join(at('all'), 'checkpoints'), { recursive: true }).sort()).toEqual([
    first.id,
    join(first.id, 'state'),
  ]);
});
