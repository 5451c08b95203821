import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIVATIONS, cellKey, cellValue, searchCellSchema, taskSchema } from '../../../shared/mod.ts';
import { expand, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { load, refusal, refusalOf } from './support.ts';

/** The values of the cells at some keys, a cell a row. */
function values(lines: string, ...keys: string[]) {
  return expand(load(lines)).cells.map((cell) => keys.map((key) => cellValue(cell, key)));
}

describe('the product of the grid', () => {
  it('goes by the order in which keys are written, the first one slowest', () => {
    expect(values('grid: {depth: [2, 3], activation: [linear, tanh]}', 'depth', 'activation')).toEqual([
      [2, 'linear'],
      [2, 'tanh'],
      [3, 'linear'],
      [3, 'tanh'],
    ]);
    expect(values('grid: {activation: [linear, tanh], depth: [2, 3]}', 'depth', 'activation')).toEqual([
      [2, 'linear'],
      [3, 'linear'],
      [2, 'tanh'],
      [3, 'tanh'],
    ]);
  });

  it('takes the parts of a dataset in the order written too', () => {
    const grid = (parts: string) => `grid: {activation: tanh, dataset: {${parts}, kind: synthetic}, width: [4, 5]}`;
    const keys = ['examples', 'dimensions', 'width'];
    expect(values(grid('dimensions: [2, 3], examples: [8, 9]'), ...keys)).toEqual([
      ...[8, 9].flatMap((examples) => [4, 5].map((width) => [examples, 2, width])),
      ...[8, 9].flatMap((examples) => [4, 5].map((width) => [examples, 3, width])),
    ]);
  });

  it('has as many outputs as inputs unless told otherwise', () => {
    const grid = (parts: string) => `grid: {activation: tanh, dataset: {kind: synthetic, examples: 5, ${parts}}}`;
    expect(values(grid('dimensions: [2, 3]'), 'dimensions', 'outputs')).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(values(grid('dimensions: [2, 3], outputs: 1'), 'dimensions', 'outputs')).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });

  it('takes a list of datasets one after the other, each with its own product', () => {
    const lines = `grid:
  activation: tanh
  dataset:
    - {kind: synthetic, examples: [5, 6], dimensions: 2}
    - {kind: synthetic, examples: 7, dimensions: 3, outputs: [1, 2]}
`;
    expect(values(lines, 'examples', 'dimensions', 'outputs')).toEqual([
      [5, 2, 2],
      [6, 2, 2],
      [7, 3, 1],
      [7, 3, 2],
    ]);
  });

  it('makes cells that hold everything and pass the schema of cells', () => {
    const { cells } = expand(load('grid: {activation: tanh}\ndata: {draw: per-cell}\n'));
    expect(cells).toEqual([
      {
        activation: 'tanh',
        depth: 3,
        width: 10,
        dataset: { kind: 'synthetic', examples: 100, dimensions: 10, outputs: 10 },
        batchSize: 'full',
        initialization: 'pytorch-default',
        data: { draw: 'per-cell' },
        search: { initialStepSize: 0.1, growth: 1.01, steps: 100, ceiling: 10_000 },
      },
    ]);
    expect(searchCellSchema().parse(cells[0])).toEqual(cells[0]);
  });

  it('has the product of the numbers of values as cells, all different, times the runs as tasks', () => {
    const some = (max: number) => fc.uniqueArray(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 4 });
    const base = load('grid: {activation: linear}');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...ACTIVATIONS), { minLength: 1 }),
        some(1000),
        some(1000),
        some(50),
        fc.integer({ min: 1, max: 20 }),
        (activation, depth, examples, outputs, runs) => {
          const dataset = { kind: 'synthetic' as const, examples, dimensions: 3, outputs };
          const sweep: SearchSweep = { ...base, runs, grid: { ...base.grid, activation, depth, dataset } };
          const { cells, tasks } = expand(sweep);
          expect(cells).toHaveLength(activation.length * depth.length * examples.length * outputs.length);
          expect(new Set(cells.map(cellKey)).size).toBe(cells.length);
          expect(tasks).toBe(cells.length * runs);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives each task by cell and run', () => {
    const expansion = expand(load('grid: {activation: [linear, tanh]}\nruns: 2\nseed: 9'));
    const task = expansion.task(1, 1);
    expect(taskSchema().parse(task)).toEqual(task);
    expect(task).toMatchObject({ experiment: 'maximal-step-size', cell: { activation: 'tanh' }, run: 1, seed: 9 });
    for (const [cell, run] of [
      [2, 0],
      [-1, 0],
      [0, 2],
      [0, -1],
      [0, 0.5],
    ]) {
      expect(() => expansion.task(cell, run)).toThrow(RangeError);
    }
  });

  it('lists many cells, since nothing is hashed before it is asked for', () => {
    const grid = '{activation: tanh, width: {from: 1, to: 200, step: 1}, depth: {from: 1, to: 1000, step: 1}}';
    const { cells, tasks } = expand(load(`grid: ${grid}\nruns: 50`));
    expect([cells.length, tasks]).toEqual([200_000, 10_000_000]);
  });

  it('refuses more than ten million tasks before it lists them', () => {
    const grid = 'grid: {activation: tanh, width: {from: 1, to: 100000, step: 1}, depth: {from: 1, to: 1000, step: 1}}';
    expect(refusalOf(grid)).toMatchObject({ code: 'SWEEP_TOO_LARGE', where: 'probe.yaml:4:7' });
    expect(refusalOf('grid: {activation: [tanh, linear]}\nruns: 5000001').code).toBe('SWEEP_TOO_LARGE');
    const range = '{from: 1, to: 100000, step: 1}';
    const dataset = `{kind: synthetic, examples: ${range}, dimensions: ${range}}`;
    expect(refusalOf(`grid: {activation: tanh, dataset: [${dataset}, ${dataset}]}`).code).toBe('SWEEP_TOO_LARGE');
  });

  it('refuses a sweep that was made too large after loading', () => {
    const error = refusal(() => expand({ ...load('grid: {activation: tanh}'), runs: 10_000_001 }));
    expect(error).toMatchObject({ code: 'SWEEP_TOO_LARGE', details: { where: 'sweep probe, grid' } });
  });

  it.each([
    ['grid: {activation: [tanh, linear, tanh]}', '4:35'],
    ['grid: {activation: tanh, depth: [3, 3]}', '4:37'],
    ['grid: {activation: tanh, dataset: {kind: synthetic, examples: [5, 6, 5], dimensions: 2}}', '4:70'],
    [
      'grid: {activation: tanh, dataset: [{kind: synthetic, examples: [5, 6], dimensions: 2}, {kind: synthetic, examples: 6, dimensions: 2, outputs: 2}]}',
      '4:35',
    ],
    ['grid: {activation: tanh, depth: [3, 4, 3], width: [5, 6, 5]}\nzip: [[depth, width]]', '4:40'],
  ])('refuses cells that come twice: %s', (lines, position) => {
    expect(refusalOf(lines)).toMatchObject({ code: 'SWEEP_INVALID', where: `probe.yaml:${position}` });
    expect(refusalOf(lines).text).toContain('repeated');
  });

  it('names the cell whose batch is larger than its data', () => {
    const { text, where } = refusalOf('grid:\n  activation: [tanh, linear]\n  batchSize: [1, 200, full]\n');
    expect(where).toBe('probe.yaml:6:18');
    expect(text).toContain('in cell 1 and 1 more (activation tanh');
    expect(text).toContain('at most 100, or full');
    expect(load('grid: {activation: tanh, batchSize: 100}').grid.batchSize).toBe(100);
  });
});

describe('zip', () => {
  it('ties keys together, at the place of the one that the grid has first', () => {
    const lines = 'grid: {depth: [2, 3], activation: [linear, tanh], width: [5, 6]}\nzip: [[width, depth]]';
    expect(values(lines, 'depth', 'width', 'activation')).toEqual([
      [2, 5, 'linear'],
      [2, 5, 'tanh'],
      [3, 6, 'linear'],
      [3, 6, 'tanh'],
    ]);
  });

  it('lets a value repeat within a tie', () => {
    const lines = 'grid: {activation: tanh, depth: [2, 2, 3], width: [5, 6, 6]}\nzip: [[depth, width]]';
    expect(values(lines, 'depth', 'width')).toEqual([
      [2, 5],
      [2, 6],
      [3, 6],
    ]);
  });

  it('ties parts of the dataset, ranges, and several groups', () => {
    const lines = `grid:
  activation: [linear, tanh]
  initialization: [pytorch-default, xavier-normal]
  dataset: {kind: synthetic, examples: {from: 10, to: 1000, factor: 10}, dimensions: 2}
  batchSize: [1, 10, full]
zip: [[dataset.examples, batchSize], [activation, initialization]]
`;
    expect(values(lines, 'activation', 'initialization', 'examples', 'batchSize')).toEqual(
      [
        ['linear', 'pytorch-default'],
        ['tanh', 'xavier-normal'],
      ].flatMap((first) =>
        [
          [10, 1],
          [100, 10],
          [1000, 'full'],
        ].map((second) => [...first, ...second]),
      ),
    );
  });

  it('ties whole datasets', () => {
    const list = '[{kind: synthetic, examples: 5, dimensions: 2}, {kind: synthetic, examples: 6, dimensions: 3}]';
    const one = '{kind: synthetic, examples: [5, 6], dimensions: 2}';
    for (const dataset of [list, one]) {
      const lines = `grid: {activation: tanh, width: [7, 8], dataset: ${dataset}}\nzip: [[dataset, width]]`;
      expect(values(lines, 'examples', 'width')).toEqual([
        [5, 7],
        [6, 8],
      ]);
    }
  });

  it.each([
    ['different lengths', 'depth: [2, 3], width: [5, 6, 7]', '[[depth, width]]', '5:7', 'depth has 2, width has 3'],
    ['a key with one value', 'depth: [2, 3]', '[[depth, width]]', '5:7', 'depth has 2, width has 1'],
    ['a key twice', 'depth: [2, 3], width: [5, 6]', '[[depth, width], [width, batchSize]]', '5:24', 'tied twice'],
    ['a key with itself', 'depth: [2, 3]', '[[depth, depth]]', '5:15', 'tied twice'],
    ['a part that is not written', 'depth: [2, 3]', '[[depth, dataset.outputs]]', '5:15', 'cannot be tied'],
    ['whole and part', 'depth: 3', '[[dataset, dataset.examples]]', '5:17', 'cannot be tied'],
    [
      'a part of a list of datasets',
      'depth: [2, 3], dataset: [{kind: synthetic, examples: [5, 6], dimensions: 2}]',
      '[[depth, dataset.examples]]',
      '5:15',
      'tie `dataset` itself',
    ],
  ])('refuses %s', (_, keys, zip, position, words) => {
    const { text, where } = refusalOf(`grid: {activation: tanh, ${keys}}\nzip: ${zip}`);
    expect(where).toBe(`probe.yaml:${position}`);
    expect(text).toContain(words);
  });
});

describe('exclude', () => {
  it('knows every key of the grid, parts of mappings too', () => {
    const images = 'grid: {activation: tanh, dataset: [{kind: mnist, examples: 10, classes: [[0, 1], [2, 3]]}]}\n';
    expect(values(`${images}exclude: [{dataset: {classes: [2, 3]}}]`, 'dataset.classes')).toEqual([['0 1']]);
    const optimizers =
      'grid: {activation: tanh, optimizer: [{kind: sgd}, {kind: momentum, momentum: [0.5, 0.9]}, {kind: nesterov}]}\n';
    expect(values(`${optimizers}exclude: [{optimizer: {kind: momentum, momentum: 0.5}}]`, 'optimizer')).toEqual([
      ['sgd'],
      ['momentum 0.9'],
      ['nesterov 0.9'],
    ]);
    expect(values(`${optimizers}exclude: [{optimizer: {kind: [sgd, nesterov]}}]`, 'optimizer')).toEqual([
      ['momentum 0.5'],
      ['momentum 0.9'],
    ]);
  });

  const grid =
    'grid: {activation: [linear, tanh], depth: [2, 3], dataset: {kind: synthetic, examples: [5, 6], dimensions: 2}}\n';

  it('leaves out the cells that match in every key given, where a list means any of', () => {
    const lines = `${grid}exclude: [{activation: linear, depth: [2, 3], dataset: {examples: 5}}]`;
    expect(values(lines, 'activation', 'depth', 'examples')).toEqual([
      ['linear', 2, 6],
      ['linear', 3, 6],
      ['tanh', 2, 5],
      ['tanh', 2, 6],
      ['tanh', 3, 5],
      ['tanh', 3, 6],
    ]);
  });

  it('leaves out what any of several exclusions matches, and lets them overlap', () => {
    expect(
      values(`${grid}exclude: [{activation: linear}, {depth: 2}, {activation: linear, depth: 2}]`, 'depth'),
    ).toEqual([[3], [3]]);
  });

  it('can take away cells whose batch would be larger than the data', () => {
    const lines = `grid: {activation: tanh, dataset: {kind: synthetic, examples: [5, 50], dimensions: 2}, batchSize: [1, 10]}
exclude: [{batchSize: 10, dataset: {examples: 5}}]`;
    expect(values(lines, 'examples', 'batchSize')).toEqual([
      [5, 1],
      [50, 1],
      [50, 10],
    ]);
  });

  it.each([
    ['[{depth: 2}, {depth: 9}]', '5:23', 'matches no cell'],
    ['[{}]', '5:10', 'every cell is excluded'],
    ['[{depth: [2, 3]}]', '5:10', 'every cell is excluded'],
    ['[{dept: 2}]', '5:12', 'did you mean `depth`?'],
    ['[{depth: []}]', '5:19', 'empty list'],
  ])('refuses %s', (exclude, position, words) => {
    const { text, where } = refusalOf(`${grid}exclude: ${exclude}`);
    expect(where).toBe(`probe.yaml:${position}`);
    expect(text).toContain(words);
  });
});
