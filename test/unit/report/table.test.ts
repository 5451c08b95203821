import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  stepSizeReport,
  type Table,
  tableRows,
} from '../../../orchestrator/experiments/maximal-step-size/table/mod.ts';
import { type Format, render as renderReport } from '../../../orchestrator/report/formats.ts';
import { EdgesweepError } from '../../../shared/mod.ts';
import type { SearchSweep } from '../../../shared/sweep/mod.ts';
import { atCeiling, cellOf, cube, expansionOf, outcomeOf, sweepOf, TABLE_4_1 } from './support.ts';

const render = (table: Table, format: Format) => renderReport(stepSizeReport(table), format);

const table41 = (outcomes = TABLE_4_1.outcomes, options = {}) =>
  tableRows(TABLE_4_1.sweep, TABLE_4_1.expansion, outcomes, options);

const entryOf = (table: Table, ...labels: (string | number)[]) =>
  table.entries.find(({ row, column }) => JSON.stringify([...row, ...column]) === JSON.stringify(labels))!;

/** The table body as it is shown, a line a row, fields separated by " | ". */
const shownRows = (table: Table) =>
  render(table, 'md')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((field) => field.trim())
        .join(' | '),
    );

const notesOf = (table: Table) =>
  render(table, 'md')
    .split('\n')
    .filter((line) => line.startsWith('- '));

test('a table of one key has a row a value, in the order of the sweep, with the paper beside', async () => {
  const rows = shownRows(await table41());
  expect(rows).toEqual([
    'activation | mean | sd | 95 % CI | n | paper | difference (SE)',
    ':--------- | -------: | ------: | ------: | -------: | -------: | --------------:',
    'linear | 0.38099 | 0.03255 | 0.02329 | 10 of 10 | 0.38433 | -0.23',
    'tanh | 3.08483 | 0.15797 | 0.11301 | 10 of 10 | 3.12765 | -0.61',
    'relu | 2.32939 | 0.37655 | 0.26937 | 10 of 10 | 2.26166 | +0.40',
    'sigmoid | 12.56976 | 0.05258 | 0.03761 | 10 of 10 | 12.58223 | † -0.53',
  ]);
});

test('every file is the same byte for byte in whatever order the outcomes come', async () => {
  const texts = (table: Table) => (['md', 'csv', 'json', 'tex'] as const).map((format) => render(table, format));
  const expected = texts(await table41());
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(TABLE_4_1.outcomes, { minLength: TABLE_4_1.outcomes.length }),
      async (outcomes) => {
        expect(texts(await table41(outcomes))).toEqual(expected);
      },
    ),
    { numRuns: 20 },
  );
});

test('outcomes of another seed, another arithmetic, a run or a cell that the sweep no longer has are passed over', async () => {
  const [first] = TABLE_4_1.outcomes;
  const strangers = [
    { ...first, task: { ...first.task, seed: 1 } },
    { ...first, task: { ...first.task, numerics: 'another' } },
    { ...first, task: { ...first.task, run: 10 } },
    outcomeOf(cellOf({ activation: 'gelu' }), 0, 5),
  ];
  expect(await table41([...strangers, ...TABLE_4_1.outcomes])).toEqual(await table41());
});

test('a partial sweep says how many runs of how many, and shows a dash where there is none', async () => {
  const table = await table41(TABLE_4_1.outcomes.slice(0, 23));
  expect(table.tasks).toEqual({ done: 23, total: 40 });
  expect(notesOf(table)).toContain('- partial: 23 of 40 tasks');
  const rows = shownRows(table);
  expect(rows[4]).toMatch(/^relu \| .* \| 3 of 10 \|/);
  expect(rows[5]).toBe('sigmoid | – | – | – | 0 of 10 | 12.58223 | –');
});

test('a complete sweep does not call itself partial', async () => {
  expect(notesOf(await table41()).join()).not.toContain('partial');
});

test('one run shows its mean and no spread', async () => {
  const rows = shownRows(await table41(TABLE_4_1.outcomes.slice(0, 1)));
  expect(rows[2]).toBe('linear | 0.33004 | – | – | 1 of 10 | 0.38433 | –');
});

test('bounds are counted, marked and explained', async () => {
  const [linear, tanh, relu] = TABLE_4_1.expansion.cells;
  const table = await table41([
    outcomeOf(linear, 0, 0),
    outcomeOf(linear, 1, 10),
    atCeiling(tanh, 0),
    outcomeOf(tanh, 1, 300),
    outcomeOf(relu, 0, 0),
    atCeiling(relu, 1),
  ]);
  const rows = shownRows(table);
  expect(rows[2]).toMatch(/^linear \| <= 0\.10523 \| ~ .* \| 1 at most \| 0\.38433 \| ~ /);
  expect(rows[3]).toMatch(/^tanh \| >= .* \| 1 at least \|/);
  expect(rows[4]).toMatch(/^relu \| ~ .* \| 1 at most, 1 at least \|/);
  expect(entryOf(table, 'relu')).toMatchObject({ atMost: 1, atLeast: 1 });
  const notes = notesOf(table).join('\n');
  expect(notes).toContain('at most: the run diverged at the first rung');
  expect(notes).toContain('at least: the run reached the ceiling');
});

test('without bounds there is no column and no word of them', async () => {
  const text = render(await table41(), 'md');
  expect(text).not.toMatch(/bounds|at most|at least/);
});

test('column keys stand side by side, an entry being the mean and its confidence interval', async () => {
  const { sweep, expansion, outcomes } = cube();
  const table = await tableRows(sweep, expansion, outcomes.slice(0, 20));
  expect(shownRows(table)).toEqual([
    'depth | width | linear | relu',
    expect.anything(),
    '2 | 5 | 0.27320 ± 0.00675 | 0.40675 ± 0.01005',
    '2 | 10 | 0.30178 ± 0.00746 | 0.44931 ± 0.01111',
    '3 | 5 | 0.33335 ± 0.00824 | 0.49384 ± 0.03122 (2 of 3)',
    '3 | 10 | 0.36823 ± 0.00910 | –',
  ]);
  expect(notesOf(table)).toContain('- entries: mean ± 95 % CI, of 3 runs');
});

test('a combination that the sweep leaves out is empty, not missing', async () => {
  const { sweep, expansion, outcomes } = cube();
  const cells = expansion.cells.filter(
    ({ activation, depth, width }) => !(activation === 'relu' && depth === 3 && width === 10),
  );
  const table = await tableRows(sweep, expansionOf(cells, 3), outcomes);
  expect(shownRows(table)[5]).toBe('3 | 10 | 0.36823 ± 0.00910 | ');
  expect(table.tasks).toEqual({ done: 21, total: 21 });
});

test('columns keep the order of the sweep where the first row lacks one', async () => {
  const cells = (['linear', 'tanh', 'relu'] as const)
    .flatMap((activation) => [2, 3].map((depth) => cellOf({ activation, depth })))
    .filter(({ activation, depth }) => !(activation === 'tanh' && depth === 2));
  const sweep = sweepOf({
    runs: 1,
    grid: { activation: [], depth: [] },
    table: { rows: ['depth'], columns: ['activation'] },
  });
  expect(shownRows(await tableRows(sweep, expansionOf(cells, 1), []))).toEqual([
    'depth | linear | tanh | relu',
    expect.anything(),
    '2 | – |  | –',
    '3 | – | – | –',
  ]);
});

test('number columns are headed by key and value', async () => {
  const { sweep, expansion, outcomes } = cube();
  const turned: SearchSweep = {
    ...sweep,
    table: { ...sweep.table, rows: ['activation', 'depth'], columns: ['width'] },
  };
  const rows = shownRows(await tableRows(turned, expansion, outcomes));
  expect(rows[0]).toBe('activation | depth | width 5 | width 10');
});

test('--by makes rows of its keys, in its order, and says over what is pooled', async () => {
  const { sweep, expansion, outcomes } = cube();
  const table = await tableRows(sweep, expansion, outcomes, { by: ['width', 'depth'] });
  expect(
    shownRows(table)
      .slice(2)
      .map((row) => row.split(' | ').slice(0, 2).join()),
  ).toEqual(['5,2', '5,3', '10,2', '10,3']);
  expect(entryOf(table, 5, 2)).toMatchObject({ runs: 6, statistics: { n: 6 } });
  expect(notesOf(table)).toContain('- pooled over activation (linear, relu)');
});

test('a pooled entry is the statistics of all its runs together', async () => {
  const { sweep, expansion, outcomes } = cube();
  const table = await tableRows(sweep, expansion, outcomes, { by: ['depth'] });
  const values = outcomes.filter(({ task }) => task.cell.depth === 2).map(({ result }) => result.stepSize);
  const entry = entryOf(table, 2);
  expect(entry.statistics.n).toBe(12);
  expect(entry.statistics.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 12, 12);
  expect(notesOf(table)).toContain('- pooled over activation (linear, relu) and width (5, 10)');
});

test('keys that only follow another are not pooled over', async () => {
  // depth and width tied together: grouping by depth leaves one width an entry
  const cells = [cellOf({ depth: 2, width: 5 }), cellOf({ depth: 3, width: 10 })];
  const sweep = sweepOf({ runs: 1, grid: { depth: [2, 3], width: [5, 10] }, table: { rows: ['depth', 'width'] } });
  const table = await tableRows(sweep, expansionOf(cells, 1), [], { by: ['depth'] });
  expect(table.pooled.size).toBe(0);
});

test("the paper's value stands only beside exactly the cells it is for", async () => {
  const cells = (['linear', 'tanh'] as const).flatMap((activation) =>
    [2, 3].map((depth) => cellOf({ activation, depth })),
  );
  const sweep = sweepOf({
    runs: 2,
    grid: { activation: ['linear', 'tanh'], depth: [2, 3] },
    table: { rows: ['activation'], paper: { linear: 1, tanh: 2 } },
  });
  const outcomes = cells.flatMap((cell) => [0, 1].map((run) => outcomeOf(cell, run, 10 + run)));
  const own = await tableRows(sweep, expansionOf(cells, 2), outcomes);
  expect(own.entries.map(({ paper }) => paper)).toEqual([1, 2]);
  const finer = await tableRows(sweep, expansionOf(cells, 2), outcomes, { by: ['activation', 'depth'] });
  expect(finer.entries.map(({ paper }) => paper)).toEqual([null, null, null, null]);
  const across = await tableRows(sweep, expansionOf(cells, 2), outcomes, { by: ['depth'] });
  expect(across.entries.map(({ paper }) => paper)).toEqual([null, null]);
});

test('the parts of a dataset are keys, in full or in short', async () => {
  const dataset = cellOf().dataset;
  const cells = [50, 100].map((examples) => cellOf({ dataset: { ...dataset, examples } }));
  const sweep = sweepOf({ runs: 1, grid: { activation: 'tanh', dataset: {} }, table: { rows: ['examples'] } });
  const outcomes = cells.map((cell) => outcomeOf(cell, 0, 10));
  const table = await tableRows(sweep, expansionOf(cells, 1), outcomes);
  expect(shownRows(table).map((row) => row.split(' | ')[0])).toEqual(['examples', expect.anything(), '50', '100']);
  const pooled = await tableRows(sweep, expansionOf(cells, 1), outcomes, { by: ['activation'] });
  expect(notesOf(pooled)).toContain('- pooled over examples (50, 100)');
});

test('a table of no key at all is one entry over everything', async () => {
  const { sweep, expansion, outcomes } = cube();
  const table = await tableRows({ ...sweep, table: { ...sweep.table, rows: [], columns: [] } }, expansion, outcomes);
  expect(shownRows(table)[0]).toBe('mean | sd | 95 % CI | n');
  expect(table.entries).toHaveLength(1);
  expect(table.entries[0].statistics.n).toBe(24);
});

test('in a table with columns an entry tells its bounds and the paper too', async () => {
  const cells = [2, 3].map((depth) => cellOf({ depth }));
  const sweep = sweepOf({
    runs: 2,
    grid: { activation: 'tanh', depth: [2, 3] },
    table: { columns: ['depth'], paper: { 'tanh, 2': 0.11, 'tanh, 3': 0.2 } },
  });
  const outcomes = [outcomeOf(cells[0], 0, 9), outcomeOf(cells[0], 1, 10), outcomeOf(cells[1], 0, 0)];
  expect(shownRows(await tableRows(sweep, expansionOf(cells, 2), outcomes))[2]).toBe(
    'tanh | 0.10992 ± 0.00695 (paper 0.11000, -0.14 SE) | <= 0.10000 ± – (1 of 2; 1 at most; paper 0.20000)',
  );
});

test('a difference of runs that end on few distinct rungs is marked, and the note says of which row', async () => {
  const note =
    '- †: few distinct rungs (sigmoid: 2), so the difference is not normal; do not read it as standard errors';
  const table = await table41();
  expect(notesOf(table)).toContain(note);
  expect(table.entries.map(({ rungs }) => rungs)).toEqual([10, 10, 10, 2]);
  // nothing to mark without a difference
  expect(notesOf(await table41(TABLE_4_1.outcomes, { stat: ['median'] }))).not.toContain(note);
  expect(notesOf(await table41(TABLE_4_1.outcomes.slice(0, 30)))).not.toContain(note);
});

test.each([
  ['three runs on three rungs', [1, 2, 3], false],
  ['four runs on three rungs', [1, 2, 3, 3], true],
  ['ten runs on four rungs', [1, 2, 3, 4, 4, 4, 4, 4, 4, 4], false],
  ['ten runs on three rungs', [1, 2, 3, 3, 3, 3, 3, 3, 3, 3], true],
])('%s: few or not', async (_, rungs, isMarked) => {
  const cell = cellOf({ depth: 2 });
  const sweep = sweepOf({
    runs: rungs.length,
    grid: { activation: 'tanh', depth: [2] },
    table: { columns: ['depth'], paper: { 'tanh, 2': 0.1 } },
  });
  const outcomes = rungs.map((rung, run) => outcomeOf(cell, run, rung));
  const table = await tableRows(sweep, expansionOf([cell], rungs.length), outcomes);
  expect(shownRows(table)[2].includes('(paper 0.10000, † +')).toBe(isMarked);
  expect(notesOf(table).some((note) => note.includes('few distinct rungs (tanh, 2: 3)'))).toBe(isMarked);
});

test('statistics are shown as asked for, in that order', async () => {
  const rows = shownRows(await table41(TABLE_4_1.outcomes, { stat: ['max', 'median', 'n', 'se'] }));
  expect(rows[0]).toBe('activation | max | median | n | SE');
});

test("the sweep file's statistics hold unless others are asked for", async () => {
  const sweep = {
    ...TABLE_4_1.sweep,
    table: { ...TABLE_4_1.sweep.table, statistics: ['median'] },
  } as typeof TABLE_4_1.sweep;
  const { expansion, outcomes } = TABLE_4_1;
  expect((await tableRows(sweep, expansion, outcomes)).shown).toEqual(['median']);
  expect((await tableRows(sweep, expansion, outcomes, { stat: ['min'] })).shown).toEqual(['min']);
});

test.each([
  [{ by: ['dept'] }, /unknown grid key `dept`/, /activation, depth, width, dataset\.kind/],
  [{ stat: ['mean', 'average'] }, /unknown statistic `average`/, /n, mean, sd, ci95, se, min, median, max/],
])('%j is an error of usage that names what exists', async (options, message, existing) => {
  const { sweep, expansion } = cube();
  const error = await tableRows(sweep, expansion, [], options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EdgesweepError);
  expect(error).toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
    details: { expected: expect.stringMatching(existing) },
  });
});

test('says that the data were reduced', async () => {
  const cells = [cellOf({ data: { draw: 'per-run', reduce: 'row-space-1' } })];
  const table = await tableRows(sweepOf({}), expansionOf(cells, 1), [outcomeOf(cells[0], 0, 5)]);
  expect(render(table, 'md')).toContain('trained in the row space of the inputs');
});
