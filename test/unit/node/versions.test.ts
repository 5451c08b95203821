import { expect, it } from 'vitest';
import { softwareVersion, type Task, taskId } from '../../../shared/mod.ts';
import { encode, type SweepEntry } from '../../../shared/protocol/mod.ts';
import { watchVersions } from '../../../worker/node/versions.ts';

it('a task whose hash is right is left to the build that sends it, also one of this version number; others are malformed', () => {
  const notes: string[] = [];
  const versions = watchVersions((note) => notes.push(note));
  versions.look([{ key: 'probe-1', name: 'probe', version: softwareVersion() } as SweepEntry]);
  const content = { experiment: 'later', cell: { shape: 'new' }, run: 0, seed: 1, numerics: 'float32-1' };
  const id = taskId(content as unknown as Task);
  const blame = (task: string, message: unknown) =>
    versions.areToBlame('probe-1', task, encode(message), 'unknown key `shape`');
  expect(blame(id, { ...content, id, seed: 2 })).toBe(false);
  expect(blame(id, { id })).toBe(false);
  expect(blame(id, { id, cell: {} })).toBe(false);
  expect(blame('f'.repeat(32), { ...content, id })).toBe(false);
  expect(versions.unreadable()).toEqual([]);
  expect(blame(id, { ...content, id })).toBe(true);
  expect(versions.unreadable()).toEqual(['probe-1']);
  expect(notes).toEqual([expect.stringContaining('install the build of edgesweep that sends them')]);
});
