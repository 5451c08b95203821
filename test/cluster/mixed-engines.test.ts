import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { edgesweep, inProcess, makeFolder, startNats } from '../support/mod.ts';
import { makeSweep, runOn, startWorker } from './deployed.ts';

type Line = { task: { id: string }; result: unknown; provenance: { engine: string } };

const outcomesIn = (folder: string): Line[] =>
  readFileSync(join(folder, 'outcomes.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line))
    .sort((a, b) => (a.task.id < b.task.id ? -1 : 1));

it('nodes with vectors of 16, 8 and 4 lanes and one without a native engine give the same bits', async () => {
  const { url } = await startNats();
  const cwd = makeFolder();
  const sweep = makeSweep(cwd);
  const alone = ['run', sweep, '--quiet', '--engine', 'reference', '--out', 'alone'];
  expect(await inProcess(alone, { cwd })).toMatchObject({ code: 0, stderr: '' });
  const lanes = (most: string) => startWorker(url, cwd, [], { EDGESWEEP_NATIVE_LANES: most });
  await Promise.all([lanes('16'), lanes('8'), lanes('4'), startWorker(url, cwd, ['--engine', 'simd'])]);
  expect(await runOn(url, sweep, cwd)).toMatchObject({ code: 0, stderr: '' });
  const results = (folder: string) => outcomesIn(join(cwd, folder)).map(({ task, result }) => [task.id, result]);
  expect(existsSync(join(cwd, 'out', 'outcomes.jsonl'))).toBe(true);
  expect(results('out')).toEqual(results('alone'));
});

it('a node refuses a number of lanes that no vector has', async () => {
  const cwd = makeFolder();
  const env = { EDGESWEEP_NATIVE_LANES: '12' };
  const ended = await edgesweep(['run', makeSweep(cwd), '--quiet'], { cwd, env });
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('EDGESWEEP_NATIVE_LANES') });
});
