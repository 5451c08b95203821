import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSweepDirectory, takeReadLock } from '../../../orchestrator/directory/mod.ts';
import { makeSweep, OPEN_OPTIONS } from '../directory/support.ts';
import { at, inOwnFolders, merge, record, SWEEP, shard } from './support.ts';

inOwnFolders();

it.each([
  [{ seed: 1 }, 'seed: 0 → 1'],
  [{ runs: 5 }, 'runs: 4 → 5'],
  [{ activations: ['tanh'] }, 'grid.activation'],
])('directories of different sweeps are refused with the keys that differ: %j', async (changes, got) => {
  const other = makeSweep(changes);
  const directories = [await record('a'), await record('b', { sweep: other, outcomes: [] })];
  await expect(merge('all', directories)).rejects.toMatchObject({
    code: 'USAGE',
    details: { got: expect.stringContaining(got) },
  });
});

it('the engine and the folder of the data sets may differ from machine to machine, and the arithmetic may not', async () => {
  const elsewhere = { ...SWEEP, engine: 'simd' as const, data: { ...SWEEP.data, directory: '/data' } };
  const a = await record('a', shard(1, 2));
  expect(await merge('all', [a, await record('b', { sweep: elsewhere, outcomes: [] })])).toMatchObject({ done: 4 });
  const tfjs = await record('c', { sweep: { ...SWEEP, engine: 'tfjs' }, outcomes: [] });
  await expect(merge('all', [a, tfjs])).rejects.toMatchObject({ details: { got: expect.stringContaining('tfjs') } });
});

it('a directory that is written to is refused, and one that is being merged takes no writer', async () => {
  const a = await record('a');
  const writer = await openSweepDirectory(a, SWEEP, OPEN_OPTIONS);
  await expect(merge('all', [a])).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED', details: { where: a } });
  await writer.close();
  const [one, two] = [takeReadLock(a, false), takeReadLock(a, false)];
  await expect(openSweepDirectory(a, SWEEP, OPEN_OPTIONS)).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED' });
  one.release();
  two.release();
  await (await openSweepDirectory(a, SWEEP, OPEN_OPTIONS)).close();
});

it('what is in the way is refused', async () => {
  const a = await record('a');
  mkdirSync(at('full'));
  writeFileSync(join(at('full'), 'notes.txt'), '');
  await expect(merge('full', [a])).rejects.toMatchObject({ code: 'DIRECTORY_NOT_EMPTY' });
  await record('other', { sweep: makeSweep({ name: 'other' }), outcomes: [] });
  await expect(merge('other', [a])).rejects.toMatchObject({ code: 'USAGE' });
  await expect(merge('all', [at('missing')])).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
  mkdirSync(at('empty'));
  expect(await merge('empty', [a])).toMatchObject({ done: 8 });
});
