import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder, startNats } from '../support/mod.ts';
import {
  contentsOf,
  makeSweep,
  recorded,
  runHere,
  startRun,
  startWorkers,
  TASKS,
  undisturbed,
  untilRecorded,
} from './support.ts';

const SHARDS = ['1/2', '2/2'];
const OUTS = ['one', 'two'];

it.each([1, 2])(
  'two shards on %i servers, their orchestrators killed on the way, are merged to the whole sweep',
  async (count) => {
    const cwd = makeFolder();
    const sweep = makeSweep(cwd);
    const expected = await undisturbed(cwd, sweep);
    const servers = await Promise.all(Array.from({ length: count }, () => startNats()));
    await Promise.all(servers.map(({ url }, i) => startWorkers(url, cwd, [`node-${i}`])));
    const begin = (start: typeof startRun | typeof runHere) =>
      SHARDS.map((shard, i) => start(servers[i % count].url, cwd, sweep, OUTS[i], ['--shard', shard, '--quiet']));
    const killed = begin(startRun) as ReturnType<typeof startRun>[];
    await Promise.all(OUTS.map((out) => untilRecorded(join(cwd, out), 5)));
    for (const run of killed) run.kill();
    for (const run of killed) await run.ended;
    expect(OUTS.reduce((sum, out) => sum + recorded(join(cwd, out)), 0)).toBeLessThan(TASKS);
    const merge = () => inProcess(['merge', 'merged', ...OUTS], { cwd });
    expect(await merge()).toMatchObject({ code: 0 });
    for (const run of begin(runHere)) expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
    expect((await merge()).stdout).toContain(`${TASKS} done, 0 pending, ${TASKS} in all`);
    expect(contentsOf(join(cwd, 'merged'))).toEqual(expected);
  },
);
