import { describe, expect, it } from 'vitest';
import { expand, tableKey } from '../../../shared/sweep/mod.ts';
import { load, refusalOf } from './support.ts';

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
    ['--set search.growth=1.1', 'search.growth=1.1', { 'tanh, 3': 1, 'tanh, 4': 2, 'relu, 4': 3 }],
    ['--set search.steps=10, which asks something else', 'search.steps=10', undefined],
    ['--set seed=7', 'seed=7', { 'tanh, 3': 1, 'tanh, 4': 2, 'relu, 4': 3 }],
  ])('keeps the printed values of the rows that are those of the file, with %s', (_, set, printed) => {
    const file = `grid: {activation: [tanh, relu], depth: [3, 4], width: 10, dataset: {dimensions: 4, examples: 9, kind: synthetic}}
table: {rows: [activation, depth], paper: {"tanh, 3": 1, "tanh, 4": 2, "relu, 4": 3}}`;
    expect(load(file, { flags: { set: [set] } }).table.paper).toEqual(printed);
  });

  it('refuses a printed value of no row where it is given from outside, or stands in the file without its grid', () => {
    const file = 'grid: {activation: [tanh, relu]}\ntable: {rows: [activation], paper: {tanh: 1, lu: 2}}';
    expect(refusalOf(file).text).toContain('`lu`');
    const set = ['grid.activation=tanh', 'table.paper={sine: 2}'];
    expect(refusalOf(file, { flags: { set } })).toMatchObject({ where: '--set table.paper={sine: 2}' });
  });

  it.each([
    ['{rows: [depth, activation, depth]}', '5:35', 'comes twice'],
    ['{rows: [examples], columns: [dataset.examples]}', '5:37', 'comes twice'],
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
