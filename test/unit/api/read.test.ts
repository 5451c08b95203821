import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figure, isOutcomeOf, readOutcomes, readSeries, table } from '../../../orchestrator/api/mod.ts';
import { openSweepDirectory } from '../../../orchestrator/directory/mod.ts';
import { inProcess } from '../../support/mod.ts';
import { collect, makeFolder, makeSweep, OPEN_OPTIONS, outcomesOf } from '../directory/support.ts';

const SWEEP = makeSweep();

/** A directory with 8 outcomes: two cells of 4 runs. */
async function recorded(sweep = SWEEP): Promise<string> {
  const directory = join(makeFolder(), 'out');
  const open = await openSweepDirectory(directory, sweep, OPEN_OPTIONS);
  for (const outcome of outcomesOf(sweep)) await open.append(outcome);
  await open.close();
  return directory;
}

describe('readOutcomes', () => {
  it('gives the outcomes of the sweep as it is now, and with `former` the others too', async () => {
    const directory = await recorded();
    expect(await collect(readOutcomes(directory))).toEqual(outcomesOf(SWEEP));
    const shorter = await openSweepDirectory(directory, makeSweep({ runs: 1 }), OPEN_OPTIONS);
    await shorter.close();
    expect(await collect(readOutcomes(directory))).toHaveLength(2);
    expect(await collect(readOutcomes(directory, { former: true }))).toEqual(outcomesOf(SWEEP));
  });

  it('has the type of the experiment that is asked for, and refuses a directory of another', async () => {
    const directory = await recorded();
    for await (const { result } of readOutcomes(directory, { experiment: 'maximal-step-size' })) {
      expect(result.stepSize).toBeGreaterThan(0);
    }
    for await (const outcome of readOutcomes(directory)) {
      expect(isOutcomeOf(outcome, 'trajectory')).toBe(false);
      expect(isOutcomeOf(outcome, 'maximal-step-size') && outcome.result.rung).toBe(345);
      await expect(readSeries(directory, outcome)).rejects.toMatchObject({ code: 'USAGE' });
    }
    await expect(collect(readOutcomes(directory, { experiment: 'trajectory' }))).rejects.toMatchObject({
      code: 'USAGE',
      details: { expected: 'experiment trajectory', got: 'experiment maximal-step-size' },
    });
  });

  it('gives no outcome that was changed, and none of a folder that is no sweep directory', async () => {
    const directory = await recorded();
    const journal = join(directory, 'outcomes.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"iteration":56', '"iteration":57'));
    await expect(collect(readOutcomes(directory))).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    await expect(collect(readOutcomes(makeFolder()))).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
    await expect(table(makeFolder())).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
    await expect(figure([])).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('table', () => {
  it('has the rows of table.csv, and the text of each format', async () => {
    const directory = await recorded();
    const { title, columns, rows, notes, format } = await table(directory);
    expect(title).toBe('A sample');
    expect(notes.join()).toContain('95 % CI');
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ activation: 'tanh', runs: 4, n: 4, paper: null });
    for (const name of ['md', 'csv', 'json', 'tex', 'typ', 'terminal'] as const) {
      const printed = await inProcess(['table', directory, '--format', name], { cwd: '.' });
      expect(format(name)).toBe(printed.stdout);
    }
    expect(format('csv').split('\n')[0]).toBe(columns.join(','));
    expect(format('csv').split('\n')[1]).toBe(columns.map((name) => rows[0][name] ?? '').join(','));
  });

  it('takes rows, statistics and other outcomes', async () => {
    const directory = await recorded();
    const outcomes = outcomesOf(SWEEP).filter(({ task }) => task.cell.activation === 'relu' && task.run < 3);
    const { columns, rows, notes, format } = await table(directory, { by: ['depth'], stat: ['n'], outcomes });
    expect(columns.slice(0, 2)).toEqual(['depth', 'runs']);
    expect(rows).toEqual([expect.objectContaining({ depth: 3, runs: 8, n: 3 })]);
    expect(notes.join()).toContain('partial');
    expect(format('md')).toMatch(/\| 3 of 8 \|/);
    await expect(table(directory, { by: ['dept'] })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

it('figure gives what `plot` writes', async () => {
  const directory = await recorded();
  const options = { x: 'activation', log: ['y'], title: 'Drawn' } as const;
  const { spec, svg, png } = await figure(directory, options);
  const words = ['plot', directory, '--x', 'activation', '--log', 'y', '--title', 'Drawn'];
  expect(await inProcess(words, { cwd: '.' })).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(join(directory, 'figure.vl.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(spec)));
  expect(readFileSync(join(directory, 'figure.svg'), 'utf8')).toBe(await svg());
  expect(readFileSync(join(directory, 'figure.png'))).toEqual(Buffer.from(await png()));
  await expect(figure(directory, { x: 'colour' })).rejects.toMatchObject({ code: 'USAGE' });
});
