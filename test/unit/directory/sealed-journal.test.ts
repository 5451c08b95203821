import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ASIDE_FILE,
  openSweepDirectory,
  outcomeLine,
  readManifest,
  readOutcomes,
  readSeries,
  repairDirectory,
  seriesPath,
} from '../../../orchestrator/directory/mod.ts';
import { type Outcome, seriesOf, type TrajectoryOutcome } from '../../../shared/mod.ts';
import { expand, loadSweep, type Sweep } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/experiments/mod.ts';
import { createPool } from '../../../worker/pool.ts';
import { chance } from '../../support/mod.ts';
import {
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

const sweep = makeSweep({ runs: 6 });
const outcomes = outcomesOf(sweep).map(({ task }, i) => makeOutcome(task, {}, 340 + i));

async function directoryWith(text: string | Buffer, of: Sweep = sweep): Promise<string> {
  const directory = join(makeFolder(), 'sweep');
  await (await openSweepDirectory(directory, of, OPEN_OPTIONS)).close();
  writeFileSync(join(directory, 'outcomes.jsonl'), text);
  return directory;
}

const journalOf = (text: string | Buffer): string => {
  const path = join(makeFolder(), 'outcomes.jsonl');
  writeFileSync(path, text);
  return path;
};

/** Damages of each kind; `make hostile` does more. */
const EACH = 100;

describe('a journal with digests', () => {
  it('is never read with a change: flips of a bit, truncations, swaps and duplications', async () => {
    const random = chance('damage to the journal');
    const whole = Buffer.from(toLines(outcomes));
    const lines = whole.toString().split('\n').slice(0, -1);
    const pick = (count: number) => Math.floor(random() * count);
    const kinds = {
      flip: () => {
        const bytes = Buffer.from(whole);
        bytes[pick(bytes.length)] ^= 1 << pick(8);
        return bytes;
      },
      truncation: () => Buffer.from(whole.subarray(0, pick(whole.length))),
      hole: () => {
        const [from, length] = [pick(whole.length), 1 + pick(400)];
        return Buffer.concat([whole.subarray(0, from), whole.subarray(from + length)]);
      },
      swap: () => {
        // the results of two lines, or their digests
        const part = random() < 0.5 ? /"result":\{.*?\}\}?(?=,"provenance")/ : /"digest":"\w+"/;
        const copy = [...lines];
        const [a, b] = [pick(copy.length), pick(copy.length)];
        const [first, second] = [copy[a], copy[b]].map((line) => part.exec(line)![0]);
        copy[a] = copy[a].replace(first, second);
        copy[b] = copy[b].replace(second, first);
        return Buffer.from(`${copy.join('\n')}\n`);
      },
      duplication: () => {
        const copy = [...lines];
        const at = pick(copy.length);
        copy[at] = copy[at].replace('"result":{', '"result":{"stepSize":1,');
        return Buffer.from(`${copy.join('\n')}\n`);
      },
    };
    const known = new Set(outcomes.map((outcome) => JSON.stringify(outcome)));
    const refused = { flip: 0, truncation: 0, hole: 0, swap: 0, duplication: 0 };
    for (const [kind, damage] of Object.entries(kinds) as [keyof typeof kinds, () => Buffer][]) {
      for (let i = 0; i < EACH; i++) {
        const read: Outcome[] = [];
        try {
          for await (const outcome of readOutcomes(journalOf(damage()))) read.push(outcome);
        } catch (error) {
          expect(error).toMatchObject({ code: 'JOURNAL_DAMAGED' });
          refused[kind] += 1;
        }
        // what was read is what was written: at worst less of it
        for (const outcome of read) expect(known.has(JSON.stringify(outcome))).toBe(true);
      }
    }
    // a truncation leaves a torn last line, which is dropped; two swapped lines may be the same one
    expect(refused.flip).toBeGreaterThan(0.9 * EACH);
    expect(refused.duplication).toBe(EACH);
    expect(refused.swap).toBeGreaterThan(0.7 * EACH);
  });

  it('is refused where a line lacks its digest, and where a line has one that no other has', async () => {
    const [first, ...rest] = toLines(outcomes).split('\n');
    const without = `${JSON.stringify(outcomes[0])}\n`;
    await expect(collect(readOutcomes(journalOf(`${without}${rest.join('\n')}`)))).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      details: { where: expect.stringMatching(/:2$/) },
    });
    await expect(
      collect(readOutcomes(journalOf(`${first}\n${unsealedLines(outcomes.slice(1))}`))),
    ).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED', details: { got: 'a line without a digest' } });
  });

  it('is made of one of an earlier version by the next opening, which says so', async () => {
    const directory = await directoryWith(unsealedLines(outcomes.slice(0, 5)));
    const notes: string[] = [];
    const opened = await openSweepDirectory(directory, sweep, { ...OPEN_OPTIONS, note: (text) => notes.push(text) });
    expect(opened.progress.done).toBe(5);
    await opened.append(outcomes[5]);
    await opened.close();
    expect(readText(join(directory, 'outcomes.jsonl'))).toBe(toLines(outcomes.slice(0, 6)));
    expect(notes).toEqual([expect.stringContaining('without digests')]);
    const again: string[] = [];
    await (await openSweepDirectory(directory, sweep, { ...OPEN_OPTIONS, note: (text) => again.push(text) })).close();
    expect(again).toEqual([]);
  });
});

describe('a repair', () => {
  it('moves damaged lines aside, byte for byte and with the reason, and the rest stays', async () => {
    const lines = outcomes.map((outcome) => outcomeLine(outcome));
    const bad = lines[3].replace('"stepSize":3', '"stepSize":4');
    const directory = await directoryWith([...lines.slice(0, 3), bad, ...lines.slice(4)].join(''));
    await expect(openSweepDirectory(directory, sweep, OPEN_OPTIONS)).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    const repair = await repairDirectory(directory);
    expect(repair).toMatchObject({
      lines: 12,
      damaged: [{ line: 4, why: expect.stringContaining('digest') }],
      series: [],
    });
    const [aside] = readText(join(directory, ASIDE_FILE)).split('\n');
    expect(Buffer.from(JSON.parse(aside).bytes, 'base64').toString()).toBe(bad.trimEnd());
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    expect(opened.progress.done).toBe(11);
    await opened.append(outcomes[3]);
    expect(opened.progress.done).toBe(12);
    await opened.close();
  });

  it('moves all lines of a task with two results aside, and of tasks to forget', async () => {
    const other = makeOutcome(outcomes[2].task, {}, 346);
    const directory = await directoryWith(toLines([...outcomes, other]));
    await expect(openSweepDirectory(directory, sweep, OPEN_OPTIONS)).rejects.toMatchObject({ code: 'OUTCOMES_DIFFER' });
    const repair = await repairDirectory(directory, [outcomes[7].task.id.slice(0, 10)]);
    expect(repair.damaged.map(({ line }) => line)).toEqual([3, 8, 13]);
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    expect(opened.progress.done).toBe(10);
    await opened.close();
    await expect(repairDirectory(directory, ['ffffffffff'])).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('changes nothing where nothing is damaged, and waits for no other run', async () => {
    const directory = await directoryWith(toLines(outcomes));
    const before = readFileSync(join(directory, 'outcomes.jsonl'));
    expect(await repairDirectory(directory)).toEqual({ lines: 12, damaged: [], series: [] });
    expect(readFileSync(join(directory, 'outcomes.jsonl')).equals(before)).toBe(true);
    expect(existsSync(join(directory, ASIDE_FILE))).toBe(false);
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    await expect(repairDirectory(directory)).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED' });
    await opened.close();
  });
});

describe('a series', () => {
  const flags = { set: ['trajectory.iterations=12', 'grid.activation=tanh'] };
  const trainings = loadSweep('figure-3.1', { flags });

  async function computed() {
    const pool = createPool({ threads: 1, engine: 'simd' });
    try {
      const { outcome, file } = await pool.run(expand(trainings).task(0, 0), 1);
      return { outcome: outcome as TrajectoryOutcome, file: file! };
    } finally {
      await pool.close();
    }
  }

  it('is recorded only where it is the one of the result', async () => {
    const { outcome, file } = await computed();
    const directory = join(makeFolder(), 'sweep');
    const opened = await openSweepDirectory(directory, trainings, OPEN_OPTIONS);
    const other = { ...outcome, result: { ...outcome.result, series: 'a'.repeat(64) } };
    await expect(opened.append(other, file)).rejects.toMatchObject({ code: 'TASK_FAILED' });
    const damaged = Uint8Array.from(file, (byte, i) => (i === 500 ? byte ^ 1 : byte));
    await expect(opened.append(outcome, damaged)).rejects.toMatchObject({ code: 'TASK_FAILED' });
    expect(existsSync(seriesPath(directory, outcome.task))).toBe(false);
    await opened.append(outcome, file);
    await opened.close();
    expect(seriesOf(outcome)?.digest).toBe(outcome.result.series);
  });

  it('that was removed is computed again, and a recorded result that differs is never joined by a second', async () => {
    const { outcome, file } = await computed();
    const wrong = { ...outcome, result: { ...outcome.result, series: 'b'.repeat(64) } };
    const directory = await directoryWith(`${JSON.stringify(wrong)}\n`, trainings);
    const opened = await openSweepDirectory(directory, trainings, OPEN_OPTIONS);
    await expect(opened.append(outcome, file)).rejects.toMatchObject({
      code: 'OUTCOMES_DIFFER',
      details: { fix: expect.stringContaining(`--forget ${outcome.task.id.slice(0, 12)}`) },
    });
    await opened.close();
    await repairDirectory(directory, [outcome.task.id.slice(0, 12)]);
    const again = await openSweepDirectory(directory, trainings, OPEN_OPTIONS);
    await again.append(outcome, file);
    await again.close();
    expect(await collect(readOutcomes(directory))).toEqual([outcome]);
    rmSync(seriesPath(directory, outcome.task));
    const third = await openSweepDirectory(directory, trainings, OPEN_OPTIONS);
    expect(third.progress.done).toBe(0);
    await third.append(outcome, file);
    expect(third.progress.done).toBe(1);
    await third.close();
    expect(await collect(readOutcomes(directory))).toEqual([outcome]);
  });

  it('that is damaged is moved aside by a repair', async () => {
    const { outcome, file } = await computed();
    const directory = join(makeFolder(), 'sweep');
    const opened = await openSweepDirectory(directory, trainings, OPEN_OPTIONS);
    await opened.append(outcome, file);
    await opened.close();
    const path = seriesPath(directory, outcome.task);
    writeFileSync(
      path,
      Uint8Array.from(file, (byte, i) => (i === 500 ? byte ^ 1 : byte)),
    );
    expect((await repairDirectory(directory)).series).toEqual([path]);
    expect(existsSync(path)).toBe(false);
    expect(await runTask(outcome.task, 'simd')).toMatchObject({ result: outcome.result });
  });
});

it('a series whose page header makes the reader run forever is refused when the time is up, and the next one is read', async () => {
  const flags = { set: ['trajectory.iterations=12', 'grid.activation=tanh'] };
  const trainings = loadSweep('figure-3.1', { flags });
  const pool = createPool({ threads: 1, engine: 'simd' });
  const { outcome, file } = await pool.run(expand(trainings).task(0, 0), 1);
  await pool.close();
  const directory = await directoryWith('', trainings);
  const path = seriesPath(directory, outcome.task);
  mkdirSync(dirname(path));
  writeFileSync(
    path,
    Uint8Array.from(file!, (byte, i) => (i === 176 ? byte ^ 16 : byte)),
  );
  await expect(readSeries(directory, outcome, 100)).rejects.toMatchObject({
    code: 'SERIES_DAMAGED',
    details: { got: 'the file was not decoded within 0.1 s' },
  });
  writeFileSync(path, file!);
  // not known to be the file of the outcome, so it goes through the thread, too
  const other = { ...outcome, provenance: { ...outcome.provenance, file: { sha256: 'a'.repeat(64), bytes: 1 } } };
  expect((await readSeries(directory, other as Outcome)).rows).toBe(12);
});

it('a manifest that was changed is refused', async () => {
  const directory = await directoryWith('');
  const path = join(directory, 'manifest.json');
  const text = readText(path);
  expect((await readManifest(directory)).version).toBe('0.1.0');
  for (const changed of [
    text.replace('0.1.0', '0.2.0'),
    text.replace('{', '{ '),
    text.replace('"digest"', '"digess"'),
    // holes that take the digest away
    text.replace(/Z",\s+"digest": "\w/, ''),
    text.replace(/,\s+"digest": "\w+"/, '').replace('0.1.0', '0.1.0\\u0030'),
  ]) {
    writeFileSync(path, changed);
    await expect(readManifest(directory)).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
  }
  const { digest: _, ...earlier } = JSON.parse(text);
  writeFileSync(path, `${JSON.stringify(earlier, null, 2)}\n`);
  expect(await readManifest(directory)).toEqual(earlier);
});
