import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSweepDirectory } from '../../../orchestrator/directory/mod.ts';
import { cleanLater, makeFolder, makeSweep, OPEN_OPTIONS, readText } from './support.ts';

/** A process that holds the directory; resolves once it does. */
async function startHolder(directory: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('hold-directory.ts', import.meta.url));
  const sweepFile = join(directory, 'sweep.yaml');
  const child = spawn(process.execPath, ['--import', 'tsx', program, directory, sweepFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanLater(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) if (line === 'open') return child;
  throw new Error('the holder ended before it had the directory');
}

it('a directory that another process holds is refused with its name, and free at once when that is killed', async () => {
  const sweep = makeSweep();
  const directory = makeFolder();
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
  const child = await startHolder(directory);
  const before = readText(join(directory, 'manifest.json'));
  await expect(openSweepDirectory(directory, sweep, OPEN_OPTIONS)).rejects.toMatchObject({
    code: 'DIRECTORY_LOCKED',
    exitCode: 2,
    details: {
      where: directory,
      got: expect.stringMatching(new RegExp(`process ${child.pid} on host ${hostname()} since 2\\d{3}-`)),
    },
  });
  expect(readText(join(directory, 'manifest.json'))).toBe(before);

  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
});

it('a process cannot open a directory twice, and a refused opening does not let go of the first', async () => {
  const sweep = makeSweep();
  const directory = makeFolder();
  const first = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(openSweepDirectory(directory, sweep, OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'DIRECTORY_LOCKED',
      details: { got: expect.stringContaining(`process ${process.pid}`) },
    });
  }
  await first.close();
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
});

it('of several openings of a new directory at once exactly one succeeds', async () => {
  const sweep = makeSweep();
  const directory = join(makeFolder(), 'new');
  const openings = await Promise.allSettled([1, 2, 3, 4].map(() => openSweepDirectory(directory, sweep, OPEN_OPTIONS)));
  const opened = openings.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refused = openings.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
  for (const each of opened) await each.close();
  expect(opened).toHaveLength(1);
  expect(refused).toEqual(['DIRECTORY_LOCKED', 'DIRECTORY_LOCKED', 'DIRECTORY_LOCKED']);
  expect(existsSync(join(directory, 'sweep.yaml'))).toBe(true);
});
