import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openAudit } from '../../../orchestrator/audit.ts';
import {
  FailureLog,
  openSweepDirectory,
  Progress,
  readAuditFile,
  readManifest,
  readRecordedFailures,
  takeReadLock,
} from '../../../orchestrator/directory/mod.ts';
import { mergeDirectories } from '../../../orchestrator/merge/mod.ts';
import { type Outcome, type SearchTask, signOutcome } from '../../../shared/mod.ts';
import { makeNodeKey, nodeKeyOf } from '../../../shared/signing.ts';
import { expand, formatSweep, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { journalLines, journalText, tableFiles } from '../../support/mod.ts';
import {
  allTasks,
  makeFolder,
  makeOutcome,
  makeSweep,
  OPEN_OPTIONS,
  outcomesOf,
  unsealedLines,
} from '../directory/support.ts';

const SWEEP = makeSweep();
let folder = '';
beforeEach(() => {
  folder = makeFolder();
});
const at = (name: string) => join(folder, name);

/** A directory with outcomes of the sweep, or of those of its tasks that are chosen. */
async function record(
  name: string,
  { sweep = SWEEP, outcomes = outcomesOf(sweep) as Outcome[] }: { sweep?: SearchSweep; outcomes?: Outcome[] } = {},
): Promise<string> {
  const directory = await openSweepDirectory(at(name), sweep, OPEN_OPTIONS);
  for (const outcome of outcomes) await directory.append(outcome);
  await directory.close();
  return at(name);
}

function shard(index: number, of: number): { sweep: SearchSweep; outcomes: Outcome[] } {
  const sweep = { ...SWEEP, shard: `${index}/${of}` };
  const progress = new Progress(expand(sweep));
  return { sweep, outcomes: outcomesOf(SWEEP).filter(({ task }) => progress.includes(task)) };
}

const merge = (out: string, directories: readonly string[], changes: object = {}) =>
  mergeDirectories({
    ...{ out: at(out), directories, dryRun: false, command: ['merge', 'all'], onInput() {} },
    signal: new AbortController().signal,
    ...changes,
  });

/** Every file below the directory, with its content. */
function contents(directory: string, skip: readonly string[] = []): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !skip.some((name) => path.endsWith(name)));
  return Object.fromEntries(paths.map((path) => [path.slice(directory.length), readFileSync(path, 'base64')]));
}

/** Whatever is in the test's folder, also hidden. */
const names = () => readdirSync(folder).sort();

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

it('failures and checkpoints of tasks that are not recorded come along, the newest of each task', async () => {
  const [first, second, third] = allTasks(expand(SWEEP));
  const a = await record('a', { outcomes: [makeOutcome(first)] });
  const b = await record('b', { outcomes: [makeOutcome(second)] });
  const fail = async (directory: string, tasks: SearchTask[]) => {
    const log = new FailureLog(directory, new Progress(expand(SWEEP)));
    for (const task of tasks) log.add(task, { code: 'TASK_FAILED', message: directory });
    await log.close();
  };
  await fail(a, [second, third]);
  for (const [directory, tasks] of [
    [a, [second, third]],
    [b, [third]],
  ] as const) {
    mkdirSync(join(directory, 'checkpoints'));
    for (const { id } of tasks) writeFileSync(join(directory, 'checkpoints', `${id}.checkpoint`), directory);
  }
  utimesSync(join(a, 'checkpoints', `${third.id}.checkpoint`), 1, 1);
  await merge('all', [a, b]);
  expect((await readRecordedFailures(at('all'))).map(({ task }) => task.id)).toEqual([third.id]);
  expect(readdirSync(join(at('all'), 'checkpoints'))).toEqual([`${third.id}.checkpoint`]);
  expect(readFileSync(join(at('all'), 'checkpoints', `${third.id}.checkpoint`), 'utf8')).toBe(b);
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

it('lines that were moved aside come along once, and neither a link nor a pipe is followed', async () => {
  const a = await record('a', shard(1, 2));
  const b = await record('b', shard(2, 2));
  const aside = (directory: string) => join(directory, 'damaged-lines.jsonl');
  writeFileSync(aside(a), '{"line":1}\n{"line":2}\n');
  writeFileSync(aside(b), '{"line":2}\n{"line":3}');
  for (let times = 0; times < 2; times += 1) {
    await merge('all', [a, b]);
    expect(readFileSync(aside(at('all')), 'utf8')).toBe('{"line":1}\n{"line":2}\n{"line":3}\n');
  }
  const victim = at('victim');
  writeFileSync(victim, 'mine\n');
  rmSync(aside(at('all')));
  symlinkSync(victim, aside(at('all')));
  await expect(merge('all', [a])).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
  expect(readFileSync(victim, 'utf8')).toBe('mine\n');
  rmSync(aside(at('all')));
  for (const name of ['lock', 'outcomes.jsonl', 'damaged-lines.jsonl', 'sweep.yaml']) {
    rmSync(join(b, name));
    execFileSync('mkfifo', [join(b, name)]);
    await expect(merge('all', [b])).rejects.toMatchObject({
      code: 'DIRECTORY_UNREADABLE',
      details: { where: join(b, name) },
    });
    rmSync(join(b, name));
    cpSync(join(a, name), join(b, name));
  }
  rmSync(join(b, 'lock'));
  execFileSync('mkfifo', [join(b, 'lock')]);
  expect(() => takeReadLock(b, false)).toThrow('the sweep directory cannot be read');
});

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

it('logs and checkpoints are replaced as a whole, and what is neither file nor folder among them stays where it is', async () => {
  const [first] = allTasks(expand(SWEEP));
  const a = await record('a', { outcomes: [] });
  const b = await record('b', { outcomes: [] });
  await merge('all', [a]);
  for (const directory of [a, at('all')]) {
    mkdirSync(join(directory, 'logs'));
    writeFileSync(join(directory, 'logs', `${first.id}.log`), directory);
    mkdirSync(join(directory, 'checkpoints', first.id), { recursive: true });
    writeFileSync(join(directory, 'checkpoints', first.id, 'state'), directory);
  }
  for (const folder of ['logs', 'checkpoints']) {
    execFileSync('mkfifo', [join(a, folder, 'pipe'), join(a, 'checkpoints', first.id, `pipe-${folder}`)]);
  }
  for (const name of [`logs/${first.id}.log`, `checkpoints/${first.id}`]) utimesSync(join(at('all'), name), 1, 1);
  const before = statSync(join(at('all'), 'logs', `${first.id}.log`)).ino;
  await merge('all', [a, b]);
  expect(readFileSync(join(at('all'), 'logs', `${first.id}.log`), 'utf8')).toBe(a);
  expect(statSync(join(at('all'), 'logs', `${first.id}.log`)).ino).not.toBe(before);
  expect(readdirSync(join(at('all'), 'logs'))).toEqual([`${first.id}.log`]);
  expect(readdirSync(join(at('all'), 'checkpoints'), { recursive: true }).sort()).toEqual([
    first.id,
    join(first.id, 'state'),
  ]);
});

it('a dry run says the same and writes nothing', async () => {
  const directories = [await record('a', shard(1, 2)), await record('b', shard(2, 2))];
  expect(await merge('all', directories, { dryRun: true })).toMatchObject({ outcomes: 8, done: 8, total: 8 });
  expect(names()).toEqual(['a', 'b']);
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
