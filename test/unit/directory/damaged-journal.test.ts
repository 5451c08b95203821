import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutcomes } from '../../../orchestrator/directory/mod.ts';
import type { Cell, Outcome } from '../../../shared/mod.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import {
  allTasks,
  changedTask,
  collect,
  makeFolder,
  makeOutcome,
  makeSweep,
  outcomesOf,
  unsealedLines as toLines,
} from './support.ts';

const outcomes = outcomesOf(makeSweep({ runs: 5 }));

function journalOf(...parts: (string | Buffer)[]): string {
  const path = join(makeFolder(), 'outcomes.jsonl');
  writeFileSync(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
  return path;
}

const lineOf = (outcome: unknown): string => `${JSON.stringify(outcome)}\n`;

describe('a damaged line is reported with its number', () => {
  const good = outcomes[1];
  const line = lineOf(good);
  const withResult = (changes: object): string => lineOf({ ...good, result: { ...good.result, ...changes } });
  const zeroed = Buffer.from(line);
  zeroed.fill(0, 100, 200);

  it.each<[string, string | Buffer, RegExp]>([
    ['an empty line', '\n', /not JSON/],
    ['half an outcome', `${line.slice(0, 300)}\n`, /not JSON/],
    ['half an outcome with another after it', line.slice(0, 300) + line, /not JSON/],
    ['two outcomes in one', line.trimEnd() + line, /not JSON/],
    ['zeros inside', zeroed, /not JSON/],
    ['zeros only', Buffer.from(`${'\0'.repeat(500)}\n`), /not JSON/],
    ['another value', 'null\n', /the line/],
    ['a missing part', lineOf({ task: good.task, result: good.result }), /provenance/],
    ['an unknown key', lineOf({ ...good, note: 'mine' }), /note/],
    ['an unknown key in the cell', lineOf({ ...good, task: { ...good.task, cell: { ...good.task.cell, x: 1 } } }), /x/],
    ['no cell', lineOf({ ...good, task: { ...good.task, cell: null } }), /cell/],
    ['a cell in the wrong place', lineOf({ ...good, task: good.task.cell, cell: good.task.cell, run: 1 }), /task/],
    ['a null for a number', withResult({ stepSize: null }), /stepSize/],
    ['another type', withResult({ rung: '345' }), /rung/],
    ['a run that is not the id', lineOf({ ...good, task: { ...good.task, run: 4 } }), /id/],
    ['a changed id', lineOf({ ...good, task: { ...good.task, id: 'ab' } }), /id/],
    ['bytes that are not UTF-8', Buffer.from(line.replace('höst', 'h\xfcst'), 'latin1'), /UTF-8/],
    ['a line beyond all bounds', `${JSON.stringify({ ...good, note: 'x'.repeat(2 << 20) })}\n`, /bytes/],
  ])('%s', async (_, damaged, got) => {
    const path = journalOf(toLines(outcomes.slice(0, 1)), damaged, toLines(outcomes.slice(2, 4)));
    const read: Outcome[] = [];
    const reading = (async () => {
      for await (const outcome of readOutcomes(path)) read.push(outcome);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      exitCode: 2,
      message: expect.stringContaining('line 2'),
      details: { where: `${path}:2`, got: expect.stringMatching(got), fix: expect.any(String) },
    });
    expect(read).toEqual(outcomes.slice(0, 1));
  });

  it('also when it is the last one, finished by its newline', async () => {
    const path = journalOf(toLines(outcomes.slice(0, 4)), '{"task"\n');
    await expect(collect(readOutcomes(path))).rejects.toMatchObject({ details: { where: `${path}:5` } });
  });

  it('also far into a large file', async () => {
    const tasks = allTasks(expand(makeSweep({ runs: 1500 })));
    const many = tasks.map((task) => makeOutcome(task));
    const path = journalOf(toLines(many.slice(0, 2345)), '{}\n', toLines(many.slice(2345)));
    await expect(collect(readOutcomes(path))).rejects.toMatchObject({ details: { where: `${path}:2346` } });
  });
});

describe('a task with two lines', () => {
  it('counts once when the results agree, whatever the provenance and the order of keys', async () => {
    const [first, second] = outcomes;
    const { result } = first;
    const again = {
      provenance: { ...first.provenance, host: 'elsewhere', seconds: 9 },
      result: Object.fromEntries(Object.entries(result).reverse()),
      task: first.task,
    };
    const path = journalOf(toLines([first, second]), lineOf(again), lineOf(again));
    expect(await collect(readOutcomes(path))).toEqual([first, second]);
  });

  it('is an error naming both lines when the results differ', async () => {
    const [first, second, third] = outcomes;
    const other = makeOutcome(second.task, {}, 346);
    const path = journalOf(toLines([first, second, third, first, other]));
    await expect(collect(readOutcomes(path))).rejects.toMatchObject({
      code: 'OUTCOMES_DIFFER',
      exitCode: 1,
      details: {
        where: `${path}:2 and ${path}:5`,
        expected: expect.stringContaining('"rung":345'),
        got: expect.stringContaining('"rung":346'),
      },
    });
  });

  it('is told from tasks of another seed, run or cell', async () => {
    const { task } = outcomes[0];
    const tasks = [
      task,
      changedTask(task, { seed: 1 }),
      changedTask(task, { run: 31 }),
      changedTask(task, { run: 32 }),
      changedTask(task, { run: 2 ** 40 }),
      changedTask(task, { cell: { ...task.cell, width: 11 } }),
      changedTask(task, { numerics: 'float64-0' }),
    ];
    const different = tasks.map((each, index) => makeOutcome(each, {}, 1 + index));
    const path = journalOf(toLines(different), toLines(different));
    expect(await collect(readOutcomes(path))).toEqual(different);
  });
});

it('twenty thousand outcomes share their cells in memory', async () => {
  const many = allTasks(expand(makeSweep({ runs: 10_000 }))).map((task) => makeOutcome(task));
  const path = journalOf(toLines(many));
  const cells = new Set<unknown>();
  let count = 0;
  for await (const { task } of readOutcomes(path)) {
    cells.add(task.cell);
    count += 1;
  }
  expect(count).toBe(20_000);
  expect(cells.size).toBe(2);
});

it('outcomes of one cell share it, whatever the order of its keys in the lines', async () => {
  const { cells } = expand(makeSweep({ runs: 5 }));
  const turned = outcomes.map(({ task, ...rest }) => ({
    task: { ...task, cell: Object.fromEntries(Object.entries(task.cell).reverse()) },
    ...rest,
  }));
  const path = journalOf(
    toLines(outcomes.filter((_, i) => i % 2 === 0)),
    toLines(turned as unknown as typeof outcomes),
  );
  for (const ofSweep of [cells as readonly Cell[], undefined]) {
    const read = await collect(readOutcomes(path, ofSweep));
    expect(read.map(({ task }) => task.id).sort()).toEqual(outcomes.map(({ task }) => task.id).sort());
    expect(new Set(read.map(({ task }) => task.cell)).size).toBe(2);
    if (ofSweep !== undefined) expect(read.every(({ task }) => ofSweep.includes(task.cell))).toBe(true);
  }
});
