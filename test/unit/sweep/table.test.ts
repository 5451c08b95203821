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
