import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mergeDirectories, table } from '../../../orchestrator/api/mod.ts';
import type { MergedInput } from '../../../orchestrator/api/types.ts';
import { readManifest } from '../../../orchestrator/directory/mod.ts';
import { at, inOwnFolders, names, record, shard } from '../merge/support.ts';

inOwnFolders();
const recordShards = () => Promise.all([1, 2].map((index) => record(`${index}`, shard(index, 2))));

it('shards become one directory, and each is reported once it was read', async () => {
  const shards = await recordShards();
  const heard: MergedInput[] = [];
  const onInput = (input: MergedInput) => heard.push(input);
  expect(await mergeDirectories(at('all'), shards, { dryRun: true })).toMatchObject({ done: 8, total: 8 });
  expect(names()).toEqual(['1', '2']);
  const merged = await mergeDirectories(at('all'), shards, { onInput });
  expect(merged).toEqual({
    ...{ directory: at('all'), sweep: 'sample', outcomes: 8, others: 0, done: 8, total: 8 },
    ...{ withoutSeries: 0, removed: [], withoutManifest: [], inputs: heard },
  });
  expect(heard).toEqual(
    shards.map((directory, i) => ({
      ...{ directory, shard: `${i + 1}/2`, outcomes: 4 },
      ...{ repeated: 0, setAside: 0, unfinished: false },
    })),
  );
  expect((await table(at('all'))).rows).toMatchObject([{ n: 4 }, { n: 4 }]);
  expect((await readManifest(at('all'))).command).toEqual(['merge', at('all'), ...shards]);
});

it('a signal and an error of the listener end it, and leave nothing', async () => {
  const shards = await recordShards();
  const stop = new AbortController();
  const reason = new Error('enough');
  const onInput = () => stop.abort(reason);
  await expect(mergeDirectories(at('all'), shards, { signal: stop.signal, onInput })).rejects.toBe(reason);
  await expect(mergeDirectories(at('all'), shards, { signal: stop.signal })).rejects.toBe(reason);
  const fault = () => {
    throw reason;
  };
  await expect(mergeDirectories(at('all'), shards, { onInput: fault })).rejects.toBe(reason);
  expect(names()).toEqual(['1', '2']);
});

it('nothing to merge, or no name, is refused', async () => {
  await expect(mergeDirectories(at('all'), [])).rejects.toMatchObject({
    code: 'USAGE',
    message: 'there is nothing to merge',
  });
  await expect(mergeDirectories('', [at('1')])).rejects.toMatchObject({ code: 'USAGE' });
  await expect(mergeDirectories(at('all'), [join(at('1'), 'missing')])).rejects.toMatchObject({
    code: 'DIRECTORY_UNREADABLE',
  });
});
