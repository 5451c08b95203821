import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal, type JournalFile } from '../../../orchestrator/directory/journal/journal.ts';
import { openSweepDirectory, readOutcomes } from '../../../orchestrator/directory/mod.ts';
import {
  allTasks,
  collect,
  makeFolder,
  makeOutcome,
  makeSweep,
  OPEN_OPTIONS,
  outcomesOf,
  readText,
  toLines,
} from './support.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: from the test`), { code });

/** A journal on a real file whose operations are noted, and can be made to fail or to wait. */
async function makeJournal(overrides: (file: JournalFile) => Partial<JournalFile> = () => ({})) {
  const path = join(makeFolder(), 'outcomes.jsonl');
  const handle = await open(path, 'w+');
  const calls: string[] = [];
  const changed = overrides(handle);
  const file = Object.fromEntries(
    (['write', 'datasync', 'truncate', 'close'] as const).map((name) => [
      name,
      (...args: never[]) => {
        calls.push(name);
        const operation = (changed[name] ?? handle[name].bind(handle)) as (...args: never[]) => unknown;
        return operation(...args);
      },
    ]),
  ) as unknown as JournalFile;
  return { journal: new Journal(file, path, 0), path, calls };
}

const outcomes = outcomesOf(makeSweep({ runs: 20 }));

describe('the journal', () => {
  it('acknowledges an outcome after its fsync, not before', async () => {
    let letSync = () => {};
    const gate = new Promise<void>((resolve) => {
      letSync = resolve;
    });
    const { journal, path, calls } = await makeJournal((file) => ({
      datasync: () => gate.then(() => file.datasync()),
    }));
    let acknowledged = false;
    const appended = journal.append(outcomes[0]).then(() => {
      acknowledged = true;
    });
    await expect.poll(() => calls).toContain('datasync');
    expect(readText(path)).toBe(toLines(outcomes.slice(0, 1)));
    expect(acknowledged).toBe(false);
    letSync();
    await appended;
    await journal.close();
  });

  it('writes together what arrives during an fsync, in order', async () => {
    const { journal, path, calls } = await makeJournal();
    await Promise.all(outcomes.map((outcome) => journal.append(outcome)));
    await journal.close();
    expect(calls).toEqual(['write', 'datasync', 'write', 'datasync', 'close']);
    expect(readText(path)).toBe(toLines(outcomes));
  });

  it('bounds what is written together', async () => {
    const { journal, path, calls } = await makeJournal();
    const many = Array.from({ length: 3000 }, (_, index) => outcomes[index % outcomes.length]);
    await Promise.all(many.map((outcome) => journal.append(outcome)));
    await journal.close();
    const groups = 1 + Math.ceil(toLines(many.slice(1)).length / 2 ** 20);
    expect(calls.filter((name) => name === 'datasync').length).toBeGreaterThanOrEqual(groups);
    expect(calls.filter((name) => name === 'datasync').length).toBeLessThanOrEqual(groups + 1);
    expect(readText(path)).toBe(toLines(many));
  });

  it('goes on after a short write', async () => {
    const { journal, path } = await makeJournal((file) => ({
      write: ((bytes: Buffer, offset: number, length: number, position: number) =>
        file.write(bytes, offset, Math.min(length, 100), position)) as JournalFile['write'],
    }));
    await Promise.all(outcomes.slice(0, 3).map((outcome) => journal.append(outcome)));
    await journal.close();
    expect(readText(path)).toBe(toLines(outcomes.slice(0, 3)));
  });

  it.each(['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'])(
    'refuses everything after %s, and cuts the half-written line',
    async (code) => {
      let writes = 0;
      const { journal, path } = await makeJournal((file) => ({
        write: (async (bytes: Buffer, offset: number, length: number, position: number) => {
          writes += 1;
          if (writes === 3) throw systemError(code);
          // The second group gets half its bytes to the disk before the third write fails.
          return file.write(bytes, offset, writes === 2 ? length >> 1 : length, position);
        }) as JournalFile['write'],
      }));
      await journal.append(outcomes[0]);
      const refusal = { code: 'DISK', exitCode: 1, details: { where: path, got: expect.stringContaining(code) } };
      const refused = await Promise.allSettled(outcomes.slice(1, 4).map((outcome) => journal.append(outcome)));
      for (const each of refused) expect(each).toMatchObject({ status: 'rejected', reason: refusal });
      await expect(journal.append(outcomes[4])).rejects.toMatchObject(refusal);
      expect(readText(path)).toBe(toLines(outcomes.slice(0, 1)));
      await journal.close();
      expect(await collect(readOutcomes(path))).toEqual(outcomes.slice(0, 1));
    },
  );

  it('does not believe a second fsync after one that failed', async () => {
    let syncs = 0;
    const { journal, path } = await makeJournal((file) => ({
      datasync: async () => {
        syncs += 1;
        if (syncs === 2) throw systemError('EIO');
        return file.datasync();
      },
    }));
    await journal.append(outcomes[0]);
    await expect(journal.append(outcomes[1])).rejects.toMatchObject({ code: 'DISK' });
    await expect(journal.append(outcomes[1])).rejects.toMatchObject({ code: 'DISK' });
    await journal.close();
    expect(readText(path)).toBe(toLines(outcomes.slice(0, 1)));
  });

  it('reports the first failure when cutting back fails too', async () => {
    const { journal } = await makeJournal(() => ({
      write: (() => Promise.reject(systemError('ENOSPC'))) as JournalFile['write'],
      truncate: () => Promise.reject(systemError('EIO')),
    }));
    await expect(journal.append(outcomes[0])).rejects.toMatchObject({
      details: { got: expect.stringContaining('ENOSPC') },
    });
    await journal.close();
  });

  it('finishes what is under way before it closes, and takes nothing afterwards', async () => {
    const { journal, path } = await makeJournal();
    const appended = outcomes.map((outcome) => journal.append(outcome));
    await journal.close();
    await Promise.all(appended);
    expect(readText(path)).toBe(toLines(outcomes));
    await expect(journal.append(outcomes[0])).rejects.toMatchObject({ code: 'DISK' });
  });
});

describe('the sweep directory', () => {
  async function openNew() {
    const directory = makeFolder();
    const opened = await openSweepDirectory(directory, makeSweep(), OPEN_OPTIONS);
    return { opened, tasks: allTasks(opened.expansion), journal: join(directory, 'outcomes.jsonl') };
  }

  it('counts a task as done once its outcome is on the disk', async () => {
    const { opened, tasks } = await openNew();
    const appended = opened.append(makeOutcome(tasks[0]));
    expect(opened.progress.has(tasks[0])).toBe(false);
    await appended;
    expect(opened.progress.has(tasks[0])).toBe(true);
    await opened.close();
  });

  it('writes a task once, however often and however soon its outcome arrives', async () => {
    const { opened, tasks, journal } = await openNew();
    const outcome = makeOutcome(tasks[0]);
    await Promise.all([opened.append(outcome), opened.append(outcome)]);
    await opened.append({ ...outcome, provenance: { ...outcome.provenance, attempts: 2 } });
    await opened.close();
    expect(readText(journal)).toBe(toLines([outcome]));
  });

  it('refuses another result for a task, whether that is written or being written', async () => {
    const { opened, tasks, journal } = await openNew();
    const first = opened.append(makeOutcome(tasks[0]));
    const other = makeOutcome(tasks[0], {}, 3);
    await expect(opened.append(other)).rejects.toMatchObject({ code: 'OUTCOMES_DIFFER' });
    await first;
    await expect(opened.append(other)).rejects.toMatchObject({
      code: 'OUTCOMES_DIFFER',
      details: { where: expect.stringContaining(`${journal}:1`), got: expect.stringContaining('"rung":3') },
    });
    await opened.close();
    expect(readText(journal)).toBe(toLines([makeOutcome(tasks[0])]));
  });

  it('never writes what could not be read back', async () => {
    const { opened, tasks, journal } = await openNew();
    const wrong = [
      makeOutcome(tasks[0], { stepSize: Number.NaN }),
      makeOutcome(tasks[0], { stepSize: Number.POSITIVE_INFINITY }),
      makeOutcome(tasks[0], { stepSize: 3.1 }),
      makeOutcome({ ...tasks[0], run: 3 }),
    ];
    for (const outcome of wrong) await expect(opened.append(outcome)).rejects.toMatchObject({ code: 'TASK_FAILED' });
    await opened.close();
    expect(readFileSync(journal).length).toBe(0);
  });
});
