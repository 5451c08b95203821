import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expand, loadSweepOf, tableKey } from '../../../shared/sweep/mod.ts';
import { shippedPath } from '../../../shared/sweep/shipped.ts';
import { load, refusalOf, withFile } from './support.ts';

const PRINTED = `grid: {activation: [tanh, relu], depth: [3, 4], width: 10, dataset: {dimensions: 4, examples: 9, kind: synthetic}}
table: {rows: [activation, depth], paper: {"tanh, 3": 1, "tanh, 4": 2, "relu, 4": 3}}`;
/** All of them. */
const ALL = { 'tanh, 3': 1, 'tanh, 4': 2, 'relu, 4': 3 };

describe('the table of a sweep', () => {
  it('has the keys with more than one value as rows unless told otherwise', () => {
    const grid =
      'grid: {depth: [2, 3], activation: [linear, tanh], width: [5], dataset: {examples: [10, 20], kind: synthetic, dimensions: [4]}}';
    expect(load(grid).table).toEqual({ rows: ['depth', 'activation', 'dataset.examples'], columns: [], paperRuns: 10 });
    const { table } = load(`${grid}\ntable: {columns: [examples]}`);
    expect(table).toMatchObject({ rows: ['depth', 'activation'], columns: ['examples'] });
    expect(load('grid: {activation: tanh}').table.rows).toEqual([]);
  });

  it('does not repeat the inputs as outputs when only the inputs are written', () => {
    const grid = 'grid: {activation: tanh, dataset: {kind: synthetic, examples: 10, dimensions: [4, 5]}}';
    expect(load(grid).table.rows).toEqual(['dataset.dimensions']);
  });

  it('finds printed values by the values of its rows, joined', () => {
    const sweep = load(`grid: {activation: [linear, tanh], depth: [3, 4]}
table:
  rows: [depth, activation]
  paper:
    3, linear: 0.5
`);
    const [cell] = expand(sweep).cells;
    expect(sweep.table.paper?.[tableKey(cell, sweep.table)]).toBe(0.5);
  });

  it('takes integers as keys of printed values', () => {
    const sweep = load('grid: {activation: tanh, depth: [3, 4]}\ntable: {paper: {3: 0.5, 4: 0.25}}');
    expect(sweep.table.paper).toEqual({ 3: 0.5, 4: 0.25 });
  });

  it.each([
    ['--set grid.activation=tanh', 'grid.activation=tanh', { 'tanh, 3': 1, 'tanh, 4': 2 }],
    ['--set grid.depth=4', 'grid.depth=4', { 'tanh, 4': 2, 'relu, 4': 3 }],
    ['--set grid.width=5, which changes every row', 'grid.width=5', undefined],
    ['--set grid.width=10,20, which adds to every row', 'grid.width=10,20', undefined],
    ['--set exclude, which leaves rows out', 'exclude=[{activation: relu}]', { 'tanh, 3': 1, 'tanh, 4': 2 }],
    ['--set zip, which leaves rows out', 'zip=[[activation, depth]]', { 'tanh, 3': 1, 'relu, 4': 3 }],
    ['--set search.growth', 'search.growth=1.1', undefined],
    ['--set search.initialStepSize', 'search.initialStepSize=0.2', undefined],
    ['--set search.ceiling', 'search.ceiling=100', undefined],
    ['--set search.steps', 'search.steps=10', undefined],
    ['--set search.criterion', 'search.criterion.lossAbove=1e6', undefined],
    ['--set grid.initialization', 'grid.initialization=kaiming-normal', undefined],
    ['--set grid.optimizer', 'grid.optimizer={kind: momentum}', undefined],
    ['--set grid.batchSize', 'grid.batchSize=1', undefined],
    ['--set grid.dataset.examples', 'grid.dataset.examples=8', undefined],
    ['--set data.draw', 'data.draw=per-cell', undefined],
    ['--set search of the same values', 'search={growth: 1.01}', ALL],
    ['--set seed', 'seed=7', ALL],
    ['--set runs', 'runs=7', ALL],
    ['--set engine', 'engine=reference', ALL],
    ['--set table.rows, which makes other rows', 'table.rows=[activation, depth, width]', undefined],
  ])('keeps the printed values of the rows that are those of the file, with %s', (_, set, printed) => {
    expect(load(PRINTED, { flags: { set: [set] } }).table.paper).toEqual(printed);
  });

  it('drops printed values also where another part of the table is set, or the file is no sweep without a flag', () => {
    const set = ['table.paperRuns=5', 'search.growth=1.1'];
    expect(load(PRINTED, { flags: { set } }).table.paper).toBeUndefined();
    const file = PRINTED.replace('kind: synthetic', 'kind: synthetic, examples: 9.5').replace('examples: 9,', '');
    expect(load(file, { flags: { set: ['grid.dataset.examples=9'] } }).table.paper).toBeUndefined();
  });

  it('keeps printed values that are given from outside', () => {
    const set = ['search.growth=1.1', 'table.paper={"tanh, 3": 7}'];
    expect(load(PRINTED, { flags: { set } }).table.paper).toEqual({ 'tanh, 3': 7 });
  });

  it.each([
    ['as it is', (text: string) => text, ['linear', 'tanh', 'relu', 'sigmoid']],
    ['with other runs', (text: string) => text.replace('runs: 10', 'runs: 3'), ['linear', 'tanh', 'relu', 'sigmoid']],
    ['with another growth', (text: string) => text.replace('growth: 1.01', 'growth: 1.05'), undefined],
    ['with another width', (text: string) => text.replace('width: 10', 'width: 5'), undefined],
    ['with data of its own', (text: string) => text.replace('examples: 100', 'examples: 90'), undefined],
    [
      'with a value of its own',
      (text: string) => text.replace('growth: 1.01', 'growth: 1.05').replace('tanh: 3.12765', 'tanh: 3'),
      ['tanh'],
    ],
    [
      'tied to a width by zip',
      (text: string) =>
        text.replace('width: 10', 'width: [10, 10, 20, 20]').replace('search:', 'zip: [[activation, width]]\nsearch:'),
      ['linear', 'tanh'],
    ],
  ])('takes the printed values of a copy of a shipped sweep for those of its cells: %s', (_, edit, rows) => {
    const text = edit(readFileSync(shippedPath('table-4.1'), 'utf8').replace('name: table-4.1', 'name: mine'));
    const { paper } = withFile(text, (file) => loadSweepOf('maximal-step-size', file)).table;
    expect(paper && Object.keys(paper)).toEqual(rows);
  });

  it('refuses a printed value of no row where it is given from outside, or stands in the file without its grid', () => {
    const file = 'grid: {activation: [tanh, relu]}\ntable: {rows: [activation], paper: {tanh: 1, lu: 2}}';
    expect(refusalOf(file).text).toContain('`lu`');
    const set = ['grid.activation=tanh', 'table.paper={sine: 2}'];
    expect(refusalOf(file, { flags: { set } })).toMatchObject({ where: '--set table.paper={sine: 2}' });
  });

  it.each([
    ['{rows: [depth, activation, depth]}', '5:35', 'is used twice'],
    ['{rows: [examples], columns: [dataset.examples]}', '5:37', 'is used twice'],
    ['{rows: [activation], paper: {tanh: 1, liner: 2}}', '5:46', 'did you mean `linear`?'],
    ['{rows: [depth, activation], paper: {tanh: 1}}', '5:44', 'one of 3, linear | 3, tanh'],
    ['{paper: {linear: -1}}', '5:25', 'above 0'],
    ['{paperRuns: 0}', '5:20', 'above 0'],
  ])('refuses %s', (table, position, words) => {
    const { text, where } = refusalOf(`grid: {activation: [linear, tanh]}\ntable: ${table}`);
    expect(where).toBe(`probe.yaml:${position}`);
    expect(text).toContain(words);
  });
});
