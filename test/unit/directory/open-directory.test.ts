import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openSweepDirectory,
  pendingTasks,
  readManifest,
  readOutcomes,
  readSweep,
} from '../../../orchestrator/directory/mod.ts';
import { NUMERICS } from '../../../shared/mod.ts';
import {
  allTasks,
  changedTask,
  collect,
  makeFolder,
  makeOutcome,
  makeSweep,
  OPEN_OPTIONS,
  outcomesOf,
  readText,
  toLines,
  unsealedLines,
} from './support.ts';

/** Every file of the folder but the lock, by name. */
const contents = (directory: string) =>
  Object.fromEntries(
    readdirSync(directory)
      .filter((name) => name !== 'lock')
      .map((name) => [name, readText(join(directory, name))]),
  );

async function makeDirectoryWith(sweep = makeSweep(), count = 3) {
  const directory = join(makeFolder(), 'sweep');
  const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
  const tasks = allTasks(opened.expansion);
  for (const task of tasks.slice(0, count)) await opened.append(makeOutcome(task));
  await opened.close();
  return { directory, tasks };
}

describe('opening a sweep directory', () => {
  it('makes the folder with its parents, the sweep, the manifest and an empty journal', async () => {
    const sweep = makeSweep();
    const directory = join(makeFolder(), 'a', 'b');
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    await opened.close();
    expect(readdirSync(directory).sort()).toEqual(['lock', 'manifest.json', 'outcomes.jsonl', 'sweep.yaml']);
    expect(await readSweep(directory)).toEqual(sweep);
    expect(await readManifest(directory)).toMatchObject({
      numerics: NUMERICS,
      version: '0.1.0',
      node: process.version,
      v8: process.versions.v8,
      arch: process.arch,
      platform: process.platform,
      command: OPEN_OPTIONS.command,
    });
    expect(Date.parse((await readManifest(directory)).started)).not.toBeNaN();
    expect(await collect(readOutcomes(directory))).toEqual([]);
  });

  it('knows on reopening what was done and what is missing', async () => {
    const sweep = makeSweep();
    const { directory, tasks } = await makeDirectoryWith(sweep, 3);
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    expect(opened.progress.done).toBe(3);
    expect([...pendingTasks(opened.expansion, opened.progress, [0, 1])]).toEqual(tasks.slice(3));
    await opened.append(makeOutcome(tasks[3]));
    await opened.close();
    expect((await collect(readOutcomes(directory))).map(({ task }) => task)).toEqual(tasks.slice(0, 4));
  });

  it('takes an edited sweep: done tasks that remain count, outcomes of others stay in the journal', async () => {
    const { directory } = await makeDirectoryWith(makeSweep(), 6);
    const before = readText(join(directory, 'outcomes.jsonl'));
    const edited = makeSweep({ activations: ['linear', 'tanh'], runs: 3 });
    const opened = await openSweepDirectory(directory, edited, OPEN_OPTIONS);
    await opened.close();
    expect(opened.progress.done).toBe(3);
    expect(opened.progress.doneOfCell(0)).toBe(0);
    expect(opened.progress.doneOfCell(1)).toBe(3);
    expect(readText(join(directory, 'outcomes.jsonl'))).toBe(before);
    expect(await readSweep(directory)).toEqual(edited);
  });

  it('takes a folder abandoned before it had a sweep file, and clears away what was left', async () => {
    const directory = makeFolder();
    writeFileSync(join(directory, 'lock'), '');
    writeFileSync(join(directory, '.sweep.yaml.4711-1.tmp'), 'name: sam');
    const opened = await openSweepDirectory(directory, makeSweep(), OPEN_OPTIONS);
    await opened.close();
    expect(readdirSync(directory).sort()).toEqual(['lock', 'manifest.json', 'outcomes.jsonl', 'sweep.yaml']);
  });
});

describe('a directory that is refused is left as it was', () => {
  it('when it is of a sweep of another name', async () => {
    const { directory } = await makeDirectoryWith();
    const before = contents(directory);
    await expect(openSweepDirectory(directory, makeSweep({ name: 'other' }), OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'DIRECTORY_OF_ANOTHER_SWEEP',
      exitCode: 2,
      details: { where: directory, expected: expect.stringContaining('other'), got: expect.stringContaining('sample') },
    });
    expect(contents(directory)).toEqual(before);
  });

  it('when it is of another experiment', async () => {
    const { directory } = await makeDirectoryWith();
    const path = join(directory, 'sweep.yaml');
    writeFileSync(path, readText(path).replace('maximal-step-size', 'trajectory'));
    const before = contents(directory);
    await expect(openSweepDirectory(directory, makeSweep(), OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'DIRECTORY_OF_ANOTHER_SWEEP',
      details: { got: expect.stringContaining('trajectory') },
    });
    expect(contents(directory)).toEqual(before);
  });

  it.each([
    ['broken YAML', 'name: [sample'],
    ['no name', 'experiment: maximal-step-size\n'],
    ['nothing', ''],
  ])('when its sweep file holds %s', async (_, text) => {
    const directory = makeFolder();
    writeFileSync(join(directory, 'sweep.yaml'), text);
    await expect(openSweepDirectory(directory, makeSweep(), OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'DIRECTORY_UNREADABLE',
      details: { where: join(directory, 'sweep.yaml') },
    });
    expect(contents(directory)).toEqual({ 'sweep.yaml': text });
  });

  it('when it is a folder with other things in it, which does not even get a lock file', async () => {
    const directory = makeFolder();
    writeFileSync(join(directory, 'thesis.txt'), 'precious');
    await expect(openSweepDirectory(directory, makeSweep(), OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'DIRECTORY_NOT_EMPTY',
      exitCode: 2,
      details: { got: 'thesis.txt' },
    });
    expect(readdirSync(directory)).toEqual(['thesis.txt']);
  });

  it('when its sweep file is gone and the journal is not', async () => {
    const { directory } = await makeDirectoryWith();
    rmSync(join(directory, 'sweep.yaml'));
    const before = contents(directory);
    await expect(openSweepDirectory(directory, makeSweep(), OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'DIRECTORY_NOT_EMPTY',
    });
    expect(contents(directory)).toEqual(before);
  });

  it('when the path is a file, or goes through one', async () => {
    const file = join(makeFolder(), 'file');
    writeFileSync(file, 'x');
    for (const path of [file, join(file, 'below')]) {
      await expect(openSweepDirectory(path, makeSweep(), OPEN_OPTIONS)).rejects.toMatchObject({
        code: 'DIRECTORY_UNREADABLE',
        details: { where: path },
      });
    }
    expect(readText(file)).toBe('x');
  });

  it('when its journal is of another arithmetic, even where the other has other fields', async () => {
    const { directory, tasks } = await makeDirectoryWith(makeSweep(), 2);
    const journal = join(directory, 'outcomes.jsonl');
    const other = makeOutcome(changedTask(tasks[2], { numerics: 'float64-0' }));
    for (const line of [unsealedLines([other]), '{"task":{"numerics":"float64-0","shape":[3]}}\n']) {
      writeFileSync(journal, unsealedLines(tasks.slice(0, 2).map((task) => makeOutcome(task))) + line);
      const before = contents(directory);
      await expect(openSweepDirectory(directory, makeSweep({ runs: 9 }), OPEN_OPTIONS)).rejects.toMatchObject({
        code: 'JOURNAL_OTHER_NUMERICS',
        exitCode: 2,
        details: { where: `${journal}:3`, got: 'numerics float64-0' },
      });
      expect(contents(directory)).toEqual(before);
    }
  });

  it('when its journal is damaged, whose torn last line then stays too', async () => {
    const sweep = makeSweep();
    const { directory } = await makeDirectoryWith(sweep);
    const journal = join(directory, 'outcomes.jsonl');
    writeFileSync(journal, `${toLines(outcomesOf(sweep).slice(0, 2))}{"task":\n{"task":{"id"`);
    const before = contents(directory);
    await expect(openSweepDirectory(directory, makeSweep({ runs: 9 }), OPEN_OPTIONS)).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      details: { where: `${journal}:3` },
    });
    expect(contents(directory)).toEqual(before);
    // The lock went with the refusal: a mended journal can be opened.
    writeFileSync(journal, toLines(outcomesOf(sweep).slice(0, 2)));
    await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
  });
});

describe('readers', () => {
  it('refuse a path that is no sweep directory', async () => {
    const empty = makeFolder();
    mkdirSync(join(empty, 'sweep.yaml'));
    for (const path of [empty, join(empty, 'missing')]) {
      const refusal = { code: 'DIRECTORY_UNREADABLE', exitCode: 2 };
      await expect(readSweep(path)).rejects.toMatchObject(refusal);
      await expect(readManifest(path)).rejects.toMatchObject(refusal);
      await expect(collect(readOutcomes(path))).rejects.toMatchObject(refusal);
    }
    expect(existsSync(join(empty, 'missing'))).toBe(false);
  });

  it('refuse a manifest that is none', async () => {
    const directory = makeFolder();
    for (const text of ['', '[]', '{"numerics": 3}']) {
      writeFileSync(join(directory, 'manifest.json'), text);
      await expect(readManifest(directory)).rejects.toMatchObject({
        code: 'DIRECTORY_UNREADABLE',
        details: { where: join(directory, 'manifest.json') },
      });
    }
  });
});
