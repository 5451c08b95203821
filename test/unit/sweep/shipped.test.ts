import { describe, expect, it } from 'vitest';
import { IMAGE_KINDS } from '../../../shared/datasets.ts';
import { cellValue } from '../../../shared/mod.ts';
import { expand, listShippedSweeps, loadSweep, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { NUMERICS } from '../../../shared/vocabulary.ts';

describe('the shipped sweeps', () => {
  it('load by their names and have the cells of the thesis', () => {
    const counts = listShippedSweeps().map((name) => {
      const sweep = loadSweep(name);
      expect(sweep.name).toBe(name.replace('/', '-'));
      const { cells, tasks } = expand(sweep);
      return [name, cells.length, tasks];
    });
    const schemes = (name: string) => ['', '-cifar10', '-fashion-mnist'].map((data) => [`${name}${data}`, 4, 4]);
    expect(counts.filter(([name]) => !String(name).startsWith('frontier/'))).toEqual([
      ['bisect', 4, 400],
      ['extra/adam', 4, 12],
      ['extra/cnn', 4, 12],
      ['extra/fractal', 64, 64],
      ['extra/initializations', 20, 200],
      ['extra/losses', 8, 80],
      ['extra/optimizers', 20, 200],
      ['extra/resnet', 12, 36],
      ['extra/transfer', 1230, 6150],
      ['extra/transformer', 9, 27],
      ['figure-1.2', 3, 3],
      ['figure-3.1', 2, 2],
      ['figure-3.2', 2, 2],
      ['figure-3.3', 2, 2],
      ['figure-3.4', 2, 2],
      ['figure-3.5', 2, 2],
      ['figure-3.6', 2, 2],
      ...schemes('figure-3.7'),
      ...schemes('figure-3.8'),
      ...schemes('figure-3.9'),
      ['figure-4.2', 24, 240],
      ['figure-4.3', 24, 240],
      ['figure-4.4', 24, 240],
      ['figure-4.5', 24, 240],
      ['figure-4.6', 24, 240],
      ['figure-4.7', 24, 240],
      ['figure-A.1', 4, 4],
      ['figure-A.10', 24, 240],
      ['figure-A.10-fashion-mnist', 24, 240],
      ['figure-A.10-mnist', 24, 240],
      ['figure-A.2', 4, 4],
      ['figure-A.3', 4, 4],
      ['figure-A.4', 4, 4],
      ['figure-A.5', 4, 4],
      ...schemes('figure-A.6'),
      ...schemes('figure-A.7'),
      ['figure-A.8', 24, 240],
      ['figure-A.8-fashion-mnist', 24, 240],
      ['figure-A.8-mnist', 24, 240],
      ['figure-A.9', 24, 240],
      ['figure-A.9-fashion-mnist', 24, 240],
      ['figure-A.9-mnist', 24, 240],
      ['phases', 148, 5920],
      ['smoke', 2, 6],
      ['survival-4.1', 492, 19680],
      ['survival-4.2', 640, 25600],
      ['table-4.1', 4, 40],
      ['table-4.2', 4, 40],
    ]);
  });

  it.each([
    ['figure-4.2', 'depth', [2, 3, 4, 5, 8, 16], 'full', 0.1],
    ['figure-4.3', 'width', [1, 5, 10, 25, 50, 100], 'full', 0.1],
    ['figure-4.4', 'dataset.examples', [10, 50, 100, 250, 500, 1000], 'full', 0.1],
    ['figure-4.5', 'depth', [2, 3, 4, 5, 8, 16], 1, 0.01],
    ['figure-4.6', 'width', [1, 5, 10, 25, 50, 100], 1, 0.01],
    ['figure-4.7', 'dataset.examples', [10, 50, 100, 250, 500, 1000], 1, 0.01],
  ])('%s varies %s', (name, key, values, batchSize, initialStepSize) => {
    const sweep = loadSweepOf('maximal-step-size', name);
    const { cells } = expand(sweep);
    expect(sweep.table).toMatchObject({ rows: [key], columns: ['activation'] });
    expect([...new Set(cells.map((cell) => cellValue(cell, key)))]).toEqual(values);
    expect(new Set(cells.map((cell) => cell.batchSize))).toEqual(new Set([batchSize]));
    expect(new Set(cells.map((cell) => cell.dataset.dimensions))).toEqual(new Set([10]));
    expect(sweep.search).toEqual({ initialStepSize, growth: 1.01, steps: 100, ceiling: 10_000 });
  });

  it.each([
    ['figure-A.8', 'depth', [2, 3, 4, 5, 8, 16]],
    ['figure-A.9', 'width', [1, 5, 10, 25, 50, 100]],
    ['figure-A.10', 'dataset.examples', [10, 50, 100, 250, 500, 1000]],
  ])('%s and its twins vary %s, and need no data to be listed', (name, key, values) => {
    for (const kind of IMAGE_KINDS) {
      const sweep = loadSweepOf('maximal-step-size', kind === 'cifar10' ? name : `${name}-${kind}`);
      const { cells } = expand(sweep);
      expect(sweep.table).toMatchObject({ rows: [key], columns: ['activation'] });
      expect([...new Set(cells.map((cell) => cellValue(cell, key)))]).toEqual(values);
      expect(cells.every(({ dataset, batchSize }) => dataset.kind === kind && batchSize === 'full')).toBe(true);
      expect(sweep.search).toEqual({ initialStepSize: 0.01, growth: 1.01, steps: 100, ceiling: 10_000 });
    }
  });

  it.each([
    ['figure-1.2', 3, 'scheme', ['constant 0.2', 'constant 0.08', 'constant 0.04']],
    ['figure-3.1', 2, 'activation', ['linear', 'relu']],
    ['figure-3.2', 2, 'activation', ['sigmoid', 'tanh']],
    ['figure-3.3', 2, 'width', [10, 25]],
    ['figure-3.4', 2, 'dimensions', [50, 100]],
    ['figure-3.5', 2, 'depth', [2, 3]],
    ['figure-3.6', 2, 'depth', [5, 8]],
    ['figure-3.7', 4, 'scheme', ['constant 0.08', 'constant 0.2', '1/lambda0', '1/lambda']],
    ['figure-3.8', 4, 'scheme', ['1/lambda0', '1/lambda', 'layer 1/lambda', 'line search']],
    ['figure-3.9', 4, 'scheme', ['1/(2 lambda0)', '1/(2 lambda)', 'layer 1/(2 lambda)', 'line search']],
    ['figure-A.1', 4, 'activation', ['linear', 'relu', 'sigmoid', 'tanh']],
    ['figure-A.2', 4, 'outputs', [10, 25, 50, 100]],
    ['figure-A.3', 4, 'width', [10, 25, 50, 100]],
    ['figure-A.4', 4, 'depth', [2, 3, 5, 8]],
    ['figure-A.5', 4, 'depth', [2, 3, 5, 8]],
    ['figure-A.6', 4, 'activation', ['sigmoid']],
    ['figure-A.7', 4, 'activation', ['sigmoid']],
  ])('%s follows %i trainings over %s', (name, count, key, values) => {
    const sweep = loadSweep(name);
    const { cells } = expand(sweep);
    expect(cells).toHaveLength(count);
    expect([...new Set(cells.map((cell) => cellValue(cell, key)))]).toEqual(values);
    expect(sweep).toMatchObject({ experiment: 'trajectory', runs: 1, trajectory: { iterations: 5000, every: 10 } });
    for (const cell of cells)
      expect([cellValue(cell, 'examples'), cellValue(cell, 'batchSize')]).toEqual([5000, 'full']);
  });

  it('have the printed values of the tables', () => {
    expect(loadSweepOf('maximal-step-size', 'table-4.1').table.paper).toEqual({
      linear: 0.38433,
      tanh: 3.12765,
      relu: 2.26166,
      sigmoid: 12.58223,
    });
    expect(loadSweepOf('maximal-step-size', 'table-4.2').table.paper).toEqual({
      linear: 0.05842,
      tanh: 1.44604,
      relu: 0.19952,
      sigmoid: 9.17098,
    });
  });

  it('keep their task ids: outcomes computed by an earlier version are found again', () => {
    expect(NUMERICS).toBe('float32-1'); // another arithmetic changes every id, and the two below with it
    expect(expand(loadSweepOf('maximal-step-size', 'table-4.1')).task(0, 0).id).toBe(
      'fe272347a05b7c95cc3f39a07b9823ad',
    );
    expect(expand(loadSweepOf('maximal-step-size', 'table-4.2')).task(3, 9).id).toMatchInlineSnapshot(
      `"eb68429ab777151f2e6fd87931600bba"`,
    );
  });
});
