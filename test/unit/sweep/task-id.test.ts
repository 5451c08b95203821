import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cellKey, cellValue, describeCell, taskId } from '../../../shared/mod.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { load, refusal } from './support.ts';

const ids = (lines: string) => {
  const { cells, runs, task } = expand(load(lines));
  return cells.flatMap((_, cell) => Array.from({ length: runs }, (_, run) => task(cell, run).id));
};

/** The same value with the keys of every mapping in the opposite order. */
function reversed<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as Value;
}

describe('task ids', () => {
  it('are the first half of the SHA-256 of the canonical JSON of the rest', () => {
    const { id, ...rest } = expand(load('grid: {activation: linear}\nruns: 1')).task(0, 0);
    const text =
      '{"cell":{"activation":"linear","batchSize":"full","data":{"draw":"per-run"},' +
      '"dataset":{"dimensions":10,"examples":100,"kind":"synthetic","outputs":10},"depth":3,' +
      '"initialization":"pytorch-default","search":{"ceiling":10000,"growth":1.01,"initialStepSize":0.1,"steps":100},' +
      `"width":10},"experiment":"maximal-step-size","numerics":"${rest.numerics}","run":0,"seed":0}`;
    expect(id).toBe(createHash('sha256').update(text).digest('hex').slice(0, 32));
  });

  it('do not depend on the order of keys, nor on an id that is already there', () => {
    const task = expand(load('grid: {activation: linear}\nruns: 1')).task(0, 0);
    expect(taskId(reversed(task))).toBe(task.id);
    expect(cellKey(reversed(task.cell))).toBe(cellKey(task.cell));
  });

  it('do not tell an absent criterion from one that is undefined', () => {
    const { cell } = expand(load('grid: {activation: linear}')).task(0, 0);
    expect(cellKey({ ...cell, search: { ...cell.search, criterion: undefined } })).toBe(cellKey(cell));
    expect(cellKey(cell)).not.toContain('criterion');
  });

  it('differ with anything that the result depends on', () => {
    const base = 'runs: 2\n';
    const all = [
      'grid: {activation: linear}',
      'grid: {activation: tanh}',
      'grid: {activation: linear, depth: 4}',
      'grid: {activation: linear, width: 4}',
      'grid: {activation: linear, batchSize: 1}',
      'grid: {activation: linear, initialization: xavier-normal}',
      'grid: {activation: linear, dataset: {kind: synthetic, examples: 100, dimensions: 10, outputs: 1}}',
      'grid: {activation: linear}\nseed: 1',
      'grid: {activation: linear}\ndata: {draw: per-cell}',
      'grid: {activation: linear}\nsearch: {growth: 1.02}',
      'grid: {activation: linear}\nsearch: {criterion: {lossAbove: 1000}}',
    ].flatMap((lines) => ids(base + lines));
    expect(new Set(all).size).toBe(22);
  });

  it('stay when the sweep grows, is reordered, renamed in its title, or computed by another engine', () => {
    const few = ids('grid: {activation: [linear, tanh]}\nruns: 2');
    const many = new Set(
      ids(`grid: {depth: {from: 1, to: 4, step: 1}, activation: [relu, tanh, linear]}
runs: 5
engine: reference
source: elsewhere
table: {rows: [depth]}
`),
    );
    expect(few.filter((id) => many.has(id))).toEqual(few);
    expect(few).toHaveLength(4);
  });
});

describe('the value of a cell at a key', () => {
  const [cell] = expand(load('grid: {activation: linear, depth: 4}')).cells;

  it('is read by full keys and by short ones', () => {
    expect(cellValue(cell, 'depth')).toBe(4);
    expect(cellValue(cell, 'dataset.examples')).toBe(100);
    expect(cellValue(cell, 'examples')).toBe(100);
    expect(cellValue(cell, 'kind')).toBe('synthetic');
    expect(cellValue(cell, 'batchSize')).toBe('full');
  });

  it.each(['dept', 'dataset', 'search.growth', 'constructor', 'dataset.toString', ''])('refuses %j', (key) => {
    const { code, details } = refusal(() => cellValue(cell, key));
    expect(code).toBe('USAGE');
    expect(details.expected).toContain('activation, depth, width, dataset.kind, dataset.examples');
  });

  it('is told for all keys in a description', () => {
    expect(describeCell(cell)).toMatch(/^activation linear, depth 4, width 10, .*initialization pytorch-default$/);
  });
});
