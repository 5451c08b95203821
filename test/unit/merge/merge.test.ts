import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAudit } from '../../../orchestrator/audit.ts';
import { openSweepDirectory, readAuditFile, readManifest } from '../../../orchestrator/directory/mod.ts';
import { type Outcome, signOutcome } from '../../../shared/mod.ts';
import { makeNodeKey, nodeKeyOf } from '../../../shared/signing.ts';
import { formatSweep } from '../../../shared/sweep/mod.ts';
import { journalLines, journalText, tableFiles } from '../../support/mod.ts';
import { makeOutcome, makeSweep, OPEN_OPTIONS, outcomesOf, unsealedLines } from '../directory/support.ts';
import { at, contents, inOwnFolders, merge, names, record, SWEEP, shard } from './support.ts';

inOwnFolders();

it('shards become the directory of the whole sweep, with its table to the byte, and stay as they are', async () => {
  const shards = await Promise.all([1, 2, 3].map((index) => record(`${index}`, shard(index, 3))));
  const before = shards.map((directory) => contents(directory));
  const merged = await merge('all', shards);
  expect(merged).toMatchObject({ outcomes: 8, done: 8, total: 8, others: 0 });
  expect(merged).not.toHaveProperty('shard');
  expect(journalLines(at('all')).sort()).toEqual(shards.flatMap(journalLines).sort());
  expect(readFileSync(join(at('all'), 'sweep.yaml'), 'utf8')).toBe(formatSweep(SWEEP));
  expect(shards.map((directory) => contents(directory))).toEqual(before);
  const whole = await merge('whole', [await record('undivided')]);
  expect(whole.done).toBe(8);
  expect(tableFiles(at('all'))).toEqual(tableFiles(at('whole')));
  expect((await readManifest(at('all'))).merged).toMatchObject([
    { directory: shards[0], shard: '1/3', made: { command: OPEN_OPTIONS.command, version: '0.1.0' } },
    { directory: shards[1], shard: '2/3' },
    { directory: shards[2], shard: '3/3' },
  ]);
  const resumed = await openSweepDirectory(at('all'), SWEEP, OPEN_OPTIONS);
  expect(resumed.progress.done).toBe(8);
  await resumed.close();
  expect((await readManifest(at('all'))).merged).toHaveLength(3);
});

it('directories of one shard become one of that shard', async () => {
  const { sweep, outcomes } = shard(1, 2);
  const parts = [await record('a', { sweep, outcomes: outcomes.slice(0, 2) }), await record('b', { sweep, outcomes })];
  expect(await merge('all', parts)).toMatchObject({ shard: '1/2', done: 4, total: 4 });
});

it('an outcome that is there twice is taken once, the first line as it stands', async () => {
  const all = outcomesOf(SWEEP);
  const first = await record('a', { outcomes: all.slice(0, 5) });
  const later = all.slice(3).map((outcome) => ({ ...outcome, provenance: { ...outcome.provenance, seconds: 9 } }));
  const second = await record('b', { outcomes: later });
  expect((await merge('all', [first, second, first])).inputs).toMatchObject([
    { outcomes: 5, repeated: 0 },
    { outcomes: 3, repeated: 2 },
  ]);
  expect(journalLines(at('all'))).toEqual([...journalLines(first), ...journalLines(second).slice(2)]);
});

it('a second merge of the same directories changes no outcome, and one of another directory adds its outcomes', async () => {
  const shards = await Promise.all([1, 2, 3].map((index) => record(`${index}`, shard(index, 3))));
  await merge('all', shards.slice(0, 2));
  const before = contents(at('all'), ['manifest.json', 'lock']);
  expect(await merge('all', shards.slice(0, 2))).toMatchObject({ outcomes: 6 });
  expect(contents(at('all'), ['manifest.json', 'lock'])).toEqual(before);
  writeFileSync(join(at('all'), 'figure.svg'), 'of the partial directory');
  expect(await merge('all', shards.slice(2))).toMatchObject({ outcomes: 8, done: 8, removed: ['figure.svg'] });
  expect(journalText(at('all'))).toBe(shards.map(journalText).join(''));
  expect((await readManifest(at('all'))).merged).toHaveLength(3);
});

it('two different results of a task are refused with both lines, and nothing is left', async () => {
  const all = outcomesOf(SWEEP);
  const { task } = all[4];
  const a = await record('a', { outcomes: all.slice(0, 5) });
  const b = await record('b', { outcomes: [all[5], makeOutcome(task, {}, 344)] });
  await expect(merge('all', [a, b])).rejects.toMatchObject({
    code: 'OUTCOMES_DIFFER',
    message: expect.stringContaining(task.id),
    details: { where: `${join(a, 'outcomes.jsonl')}:5 and ${join(b, 'outcomes.jsonl')}:2` },
  });
  expect(names()).toEqual(['a', 'b']);
});

it('damage is refused with its place, and a line that was never finished is left out and told', async () => {
  const a = await record('a', shard(1, 2));
  const b = await record('b', shard(2, 2));
  const path = join(b, 'outcomes.jsonl');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"rung":345', '"rung":344'));
  await expect(merge('all', [a, b])).rejects.toMatchObject({
    code: 'JOURNAL_DAMAGED',
    details: { where: `${path}:1`, fix: expect.stringContaining('repair') },
  });
  expect(names()).toEqual(['a', 'b']);
  writeFileSync(path, text.slice(0, -20));
  const { inputs, done } = await merge('all', [a, b]);
  expect(inputs.map(({ unfinished }) => unfinished)).toEqual([false, true]);
  expect(done).toBe(7);
});

it('results of a node that any directory set aside are left out of all, and signatures stay as they are', async () => {
  const [honest, liar] = [nodeKeyOf(makeNodeKey()), nodeKeyOf(makeNodeKey())];
  const signed = (outcomes: Outcome[], key: typeof honest, node: string) =>
    outcomes.map((outcome) => signOutcome(outcome, { sweep: 'sample-1', node }, key));
  const one = shard(1, 2);
  const two = shard(2, 2);
  const a = await record('a', { ...one, outcomes: signed(one.outcomes, honest, 'one') });
  const b = await record('b', {
    ...two,
    outcomes: [...signed(two.outcomes.slice(0, 2), liar, 'two'), ...two.outcomes.slice(2)],
  });
  const audit = await openAudit(a, 0.5);
  await audit.setNodeAside({ key: liar.publicKey, node: 'two', task: one.outcomes[0].task.id });
  expect(await merge('all', [a, b])).toMatchObject({ done: 6, inputs: [{ setAside: 0 }, { setAside: 2 }] });
  expect(journalText(at('all'))).toBe(
    journalText(a) +
      journalLines(b)
        .slice(2)
        .map((line) => `${line}\n`)
        .join(''),
  );
  expect(await readAuditFile(at('all'))).toEqual(await readAuditFile(a));
  expect(statSync(join(at('all'), 'audit.json')).mode & 0o777).toBe(0o600);
});

it('outcomes of the sweep before an edit are kept and counted, and a journal without digests gets them', async () => {
  const edited = makeSweep({ activations: ['tanh'] });
  const a = await record('a', { sweep: SWEEP });
  const b = at('b');
  await record('b', { sweep: edited, outcomes: [] });
  writeFileSync(join(b, 'outcomes.jsonl'), unsealedLines(outcomesOf(SWEEP)));
  expect(await merge('all', [b])).toMatchObject({ outcomes: 8, others: 4, done: 4, total: 4 });
  expect(journalText(at('all'))).toBe(journalText(a));
});

it('the manifest counts each outcome once, and keeps what was merged into an input and what a directory computed after a merge', async () => {
  const all = outcomesOf(SWEEP);
  const a = await record('a', { outcomes: all.slice(0, 3) });
  const b = await record('b', { outcomes: all.slice(1, 5) });
  await merge('ab', [a, b]);
  const grown = await openSweepDirectory(at('ab'), SWEEP, OPEN_OPTIONS);
  await grown.append(all[5]);
  await grown.close();
  const c = await record('c', { outcomes: all.slice(4) });
  const merged = async (out: string) =>
    (await readManifest(at(out))).merged?.map(({ directory, outcomes, merged: of }) => [
      directory,
      outcomes,
      ...(of === undefined ? [] : [of.map(({ outcomes }) => outcomes)]),
    ]);
  await merge('all', [c, at('ab')]);
  expect(await merged('all')).toEqual([
    [c, 4],
    [at('ab'), 4, [3, 2]],
  ]);
  for (let times = 0; times < 2; times += 1) {
    await merge('ab', [c]);
    expect(await merged('ab')).toEqual([
      [a, 3],
      [b, 2],
      [at('ab'), 1],
      [c, 2],
    ]);
  }
});

it('a dry run says the same and writes nothing', async () => {
  const directories = [await record('a', shard(1, 2)), await record('b', shard(2, 2))];
  expect(await merge('all', directories, { dryRun: true })).toMatchObject({ outcomes: 8, done: 8, total: 8 });
  expect(names()).toEqual(['a', 'b']);
});
