import { constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Journal } from '../../../orchestrator/directory/journal/journal.ts';
import {
  openSweepDirectory,
  readOutcomes,
  type SweepDirectory,
  writeFileAtomically,
} from '../../../orchestrator/directory/mod.ts';
import {
  allTasks,
  collect,
  makeFolder,
  makeOutcome,
  makeSweep,
  mountSmallDisk,
  OPEN_OPTIONS,
  outcomesOf,
  readText,
} from './support.ts';

const onLinux = process.platform === 'linux';

/** Appends the outcomes some at a time until the disk is full; gives those that were acknowledged. */
async function appendUntilFull(opened: SweepDirectory, groupSize: number) {
  const acknowledged = [];
  const tasks = allTasks(opened.expansion);
  for (let start = 0; start < tasks.length; start += groupSize) {
    const group = tasks.slice(start, start + groupSize).map((task) => makeOutcome(task));
    const results = await Promise.allSettled(group.map((outcome) => opened.append(outcome)));
    acknowledged.push(...group.filter((_, index) => results[index].status === 'fulfilled'));
    const refused = results.find((result) => result.status === 'rejected');
    if (refused !== undefined) return { acknowledged, error: refused.reason };
  }
  throw new Error('the disk did not fill');
}

it('a full disk keeps what was acknowledged, and the run goes on once there is space', async () => {
  const disk = onLinux ? mountSmallDisk('size=64k') : undefined;
  if (disk === undefined) return void (await refusesWhereEveryWriteFails());
  const sweep = makeSweep({ runs: 200 });
  for (const groupSize of [1, 7]) {
    const directory = join(disk.path, `by-${groupSize}`);
    const ballast = join(disk.path, 'ballast');
    writeFileSync(ballast, Buffer.alloc(20 << 10));
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    const { acknowledged, error } = await appendUntilFull(opened, groupSize);
    expect(error).toMatchObject({
      code: 'DISK',
      exitCode: 1,
      details: { where: join(directory, 'outcomes.jsonl'), got: expect.stringContaining('ENOSPC') },
    });
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(opened.progress.done).toBe(acknowledged.length);
    await expect(opened.append(makeOutcome(opened.expansion.task(1, 199)))).rejects.toBe(error);
    await opened.close();
    expect(readText(join(directory, 'outcomes.jsonl')).endsWith('}\n')).toBe(true);
    expect(await collect(readOutcomes(directory))).toEqual(acknowledged);

    rmSync(ballast);
    const again = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    expect(again.progress.done).toBe(acknowledged.length);
    const next = makeOutcome(again.expansion.task(1, 199));
    await again.append(next);
    await again.close();
    expect(await collect(readOutcomes(directory))).toEqual([...acknowledged, next]);
    rmSync(directory, { recursive: true });
  }
});

it('a disk too full to open the directory leaves the one that is there as it was', async () => {
  const disk = onLinux ? mountSmallDisk('size=64k') : undefined;
  if (disk === undefined) return void (await refusesWhereEveryWriteFails());
  const directory = join(disk.path, 'sweep');
  const sweep = makeSweep();
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
  const before = readText(join(directory, 'sweep.yaml'));
  try {
    writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(64 << 10));
  } catch {
    // Full, as it should be.
  }
  await expect(openSweepDirectory(directory, makeSweep({ runs: 9 }), OPEN_OPTIONS)).rejects.toMatchObject({
    code: 'DISK',
  });
  expect(readText(join(directory, 'sweep.yaml'))).toBe(before);
  expect(readdirSync(directory).sort()).toEqual(['lock', 'manifest.json', 'outcomes.jsonl', 'sweep.yaml']);
  rmSync(join(disk.path, 'ballast'));
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
});

it('a read-only disk is refused clearly, and can still be read', async () => {
  const disk = onLinux ? mountSmallDisk('size=64k') : undefined;
  if (disk === undefined) return void (await refusesWhereNothingCanBeMade());
  const directory = join(disk.path, 'sweep');
  const sweep = makeSweep();
  const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
  const outcome = makeOutcome(opened.expansion.task(0, 0));
  await opened.append(outcome);
  await opened.close();
  disk.remount('ro');
  const refusal = {
    code: 'DISK',
    exitCode: 1,
    details: { got: expect.stringContaining('EROFS'), fix: expect.any(String) },
  };
  await expect(openSweepDirectory(directory, sweep, OPEN_OPTIONS)).rejects.toMatchObject(refusal);
  await expect(openSweepDirectory(join(disk.path, 'new'), sweep, OPEN_OPTIONS)).rejects.toMatchObject(refusal);
  await expect(writeFileAtomically(join(directory, 'table.md'), 'x')).rejects.toMatchObject(refusal);
  expect(await collect(readOutcomes(directory))).toEqual([outcome]);
});

it('a file is replaced as a whole or not at all', async () => {
  const folder = makeFolder();
  const path = join(folder, 'table.md');
  await writeFileAtomically(path, 'one');
  await writeFileAtomically(path, 'two');
  expect(readText(path)).toBe('two');
  expect(readdirSync(folder)).toEqual(['table.md']);

  const missing = join(folder, 'missing', 'table.md');
  await expect(writeFileAtomically(missing, 'x')).rejects.toMatchObject({ code: 'DISK', details: { where: missing } });
  expect(existsSync(join(folder, 'missing'))).toBe(false);
});

/** Where no disk can be mounted: the device on which every write says that there is no space. */
async function refusesWhereEveryWriteFails(): Promise<void> {
  if (!existsSync('/dev/full')) return refusesWhereNothingCanBeMade();
  const journal = new Journal(await open('/dev/full', constants.O_RDWR), '/dev/full', 0);
  const [outcome] = outcomesOf(makeSweep());
  const refusal = { code: 'DISK', details: { got: expect.stringContaining('ENOSPC') } };
  await expect(journal.append(outcome)).rejects.toMatchObject(refusal);
  await expect(journal.append(outcome)).rejects.toMatchObject(refusal);
  await journal.close();
}

/** Where no disk can be mounted: a folder whose permissions, or kind, let nobody make a file in it. */
async function refusesWhereNothingCanBeMade(): Promise<void> {
  const folder = existsSync('/proc/self') ? '/proc/self' : '/dev/fd';
  await expect(writeFileAtomically(join(folder, 'table.md'), 'x')).rejects.toMatchObject({ code: 'DISK' });
}
