import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { announceManifest, readManifest } from '../../../orchestrator/directory/mod.ts';
import { formatSweep } from '../../../shared/sweep/mod.ts';
import { journalText } from '../../support/mod.ts';
import { at, contents, inOwnFolders, merge, names, record, SWEEP, shard } from './support.ts';

inOwnFolders();

it('a merge into a folder that is there leaves its lock when it fails, and completes what a killed one left', async () => {
  const a = await record('a');
  const text = readFileSync(join(a, 'outcomes.jsonl'), 'utf8');
  mkdirSync(at('empty'));
  symlinkSync('empty', at('link'));
  symlinkSync('nowhere', at('dangling'));
  await expect(merge('dangling', [a])).rejects.toMatchObject({ code: 'DISK' });
  writeFileSync(join(a, 'outcomes.jsonl'), text.replace('"rung":345', '"rung":344'));
  await expect(merge('link', [a])).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
  expect(readdirSync(at('empty'))).toEqual(['lock']);
  writeFileSync(join(a, 'outcomes.jsonl'), text);
  // as if it was killed after the sweep file
  writeFileSync(join(at('empty'), 'sweep.yaml'), formatSweep(SWEEP));
  for (const folder of ['series', 'logs', 'checkpoints']) mkdirSync(join(at('empty'), folder));
  for (const name of ['.outcomes.jsonl.1-1.tmp', 'series/.x.parquet.1-1.tmp', 'logs/.x.log.1-2.tmp']) {
    writeFileSync(join(at('empty'), name), 'half');
  }
  expect(await merge('link', [a])).toMatchObject({ done: 8 });
  expect(journalText(at('empty'))).toBe(text);
  expect(Object.keys(contents(at('empty'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(names()).toEqual(['a', 'dangling', 'empty', 'link']);
});

it('what a killed merge left is removed, and an interrupted one leaves nothing', async () => {
  const a = await record('a');
  mkdirSync(join(at('.all.merging'), 'series'), { recursive: true });
  writeFileSync(join(at('.all.merging'), '.outcomes.jsonl.1-1.tmp'), 'half');
  await expect(merge('all', [a], { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(names()).toEqual(['a']);
  await merge('all', [a]);
  expect(names()).toEqual(['a', 'all']);
  expect(existsSync(join(at('all'), 'series'))).toBe(false);
});

it('a directory into which a merge was killed, after it replaced the journal, is merged with what it announced', async () => {
  const [a, b] = [await record('a', shard(1, 2)), await record('b', shard(2, 2))];
  const path = join(a, 'manifest.json');
  const former = readFileSync(path);
  await merge('a', [b]);
  const manifest = await readManifest(a);
  const lines = readFileSync(join(a, 'outcomes.jsonl'), 'utf8');
  const mark = { bytes: Buffer.byteLength(lines), lastLine: lines.trimEnd().split('\n').at(-1)! };
  writeFileSync(path, former);
  await announceManifest(a, mark, manifest);
  const before = contents(a);
  await merge('all', [a]);
  expect((await readManifest(at('all'))).merged).toMatchObject([
    { directory: a, outcomes: 8, merged: manifest.merged },
  ]);
  expect(contents(a)).toEqual(before);
  // of a journal that was not replaced it says nothing
  await announceManifest(a, { ...mark, bytes: mark.bytes + 1 }, manifest);
  await merge('other', [a]);
  expect((await readManifest(at('other'))).merged?.[0]).not.toHaveProperty('merged');
});
