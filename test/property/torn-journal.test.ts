import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSweepDirectory, pendingTasks, readOutcomes } from '../../orchestrator/directory/mod.ts';
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
} from '../unit/directory/support.ts';

const sweep = makeSweep({ runs: 2 });
const outcomes = outcomesOf(sweep).slice(0, 3);
const whole = Buffer.from(toLines(outcomes));
const kept = Buffer.from(toLines(outcomes.slice(0, 2)));

/** Of the places to tear the last line at; `make test-properties` takes all. The reader is tested at each. */
const EVERY = process.env.EDGESWEEP_TEST_PROPERTIES === 'all' ? 1 : 5;

/** A sweep directory with this journal, opened. */
async function openWith(directory: string, journal: Buffer) {
  writeFileSync(join(directory, 'outcomes.jsonl'), journal);
  return openSweepDirectory(directory, sweep, OPEN_OPTIONS);
}

async function newDirectory() {
  const directory = makeFolder();
  await (await openSweepDirectory(directory, sweep, OPEN_OPTIONS)).close();
  return directory;
}

describe('a last line that was not finished', () => {
  it('is cut off wherever it is torn, and only its task is missing', async () => {
    // In several directories at once, for most of the time goes into waiting for the disk.
    const openAll = async (firstLength: number) => {
      const directory = await newDirectory();
      for (let length = firstLength; length < whole.length; length += 16 * EVERY) {
        const opened = await openWith(directory, whole.subarray(0, length));
        const [next] = pendingTasks(opened.expansion, opened.progress, [0, 1]);
        await opened.close();
        expect(next, `torn at byte ${length}`).toEqual(outcomes[2].task);
        expect(readFileSync(join(directory, 'outcomes.jsonl')).equals(kept), `torn at byte ${length}`).toBe(true);
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, offset) => openAll(kept.length + EVERY * offset)));
  }, 60_000);

  it('is followed by good lines when its task ran again', async () => {
    const directory = await newDirectory();
    for (let length = kept.length; length < whole.length; length += 97) {
      const opened = await openWith(directory, whole.subarray(0, length));
      await opened.append(outcomes[2]);
      await opened.close();
      expect(readFileSync(join(directory, 'outcomes.jsonl')).equals(whole)).toBe(true);
    }
  });

  it('is left alone and left out by a reader, wherever it is torn', async () => {
    const path = join(makeFolder(), 'outcomes.jsonl');
    for (let length = kept.length; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await collect(readOutcomes(path)), `torn at byte ${length}`).toEqual(outcomes.slice(0, 2));
    }
    expect(readFileSync(path).length).toBe(whole.length - 1);
  });

  it.each([
    ['of zeros only', 0, 5000],
    ['of some text, then zeros', 40, 5000],
    ['of more zeros than a line may have bytes', 40, 3 << 20],
    ['ending in half a UTF-8 character', toLines([outcomes[2]]).indexOf('ö') + 1, 0],
  ])('may be a tail %s', async (_, textBytes, zeros) => {
    const directory = await newDirectory();
    const journal = Buffer.concat([whole.subarray(0, kept.length + textBytes), Buffer.alloc(zeros)]);
    writeFileSync(join(directory, 'outcomes.jsonl'), journal);
    expect(await collect(readOutcomes(directory))).toEqual(outcomes.slice(0, 2));
    await (await openWith(directory, journal)).close();
    expect(readFileSync(join(directory, 'outcomes.jsonl')).equals(kept)).toBe(true);
  });

  it('may be all there is', async () => {
    const directory = await newDirectory();
    for (const journal of [Buffer.alloc(5000), Buffer.from('{"task'), Buffer.alloc(0)]) {
      const opened = await openWith(directory, journal);
      await opened.close();
      expect(opened.progress.done).toBe(0);
      expect(readText(join(directory, 'outcomes.jsonl'))).toBe('');
    }
  });
});

describe('reading beside a writer', () => {
  it('gives what is on the disk, and takes no lock', async () => {
    const directory = makeFolder();
    const opened = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
    const tasks = allTasks(opened.expansion);
    for (const [index, task] of tasks.entries()) {
      await opened.append(makeOutcome(task));
      expect(await collect(readOutcomes(directory))).toHaveLength(index + 1);
    }
    await opened.close();
  });

  it('ends with what was there when it began', async () => {
    const path = join(makeFolder(), 'outcomes.jsonl');
    const many = outcomesOf(makeSweep({ runs: 1000 }));
    writeFileSync(path, toLines(many.slice(0, 1999)));
    const reader = readOutcomes(path);
    expect(await reader.next()).toEqual({ done: false, value: many[0] });
    appendFileSync(path, toLines(many.slice(1999)));
    expect(await collect(reader)).toEqual(many.slice(1, 1999));
  });
});
