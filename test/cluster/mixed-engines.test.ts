import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { edgesweep, inProcess, makeFolder, start, startNats, waitFor } from '../support/mod.ts';
import { makeSweep, runOn } from './deployed.ts';

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
  // how many lanes there are is a matter of the process
  const node = (words: string[], env = {}) =>
    start(['worker', '--nats', url, '--threads', '1', ...words], { cwd, env });
  const lanes = ['16', '8', '4'].map((most) => node([], { EDGESWEEP_NATIVE_LANES: most }));
  const nodes = [...lanes, node(['--engine', 'simd'])];
  await waitFor('the nodes', () => nodes.every(({ stderr }) => stderr.includes(' ready: ')));
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
