import { describe, expect, it } from 'vitest';
import { type Cell, GRAPH, layerParameters, type NetworkCell } from '../../../shared/mod.ts';
import { expand, loadSweep } from '../../../shared/sweep/mod.ts';
import { layersOf } from '../../../worker/engines/mod.ts';

type Values = Record<string, unknown>;
const cellOf = (name: string, values: Values): Cell => expand(loadSweep(name, { values })).cells[0];

describe('models that are graphs', () => {
  it('have the name of their arithmetic in every cell, but not on TensorFlow.js, which shares none of it', () => {
    expect(cellOf('frontier/cnn', {})).toMatchObject({ model: 'cnn', graph: GRAPH });
    expect(cellOf('extra/cnn', { engine: 'auto' })).toMatchObject({ model: 'cnn', graph: GRAPH });
    expect(cellOf('extra/cnn', {})).not.toHaveProperty('graph');
    expect(cellOf('extra/cnn', { 'grid.model': 'mlp' })).not.toHaveProperty('model');
  });

  it.each<[string, Values, string]>([
    ['frontier/cnn', { 'grid.depth': 4 }, 'depth 3 for model cnn'],
    ['frontier/cnn', { 'grid.dataset': { kind: 'synthetic', examples: 9, dimensions: 16 } }, 'a data set of images'],
    ['extra/cnn', { engine: 'auto', 'grid.depth': 2 }, 'depth 3 for model cnn'],
    ['frontier/cnn', { 'grid.model': 'transformer', 'grid.depth': 6 }, 'a data set of tokens'],
    ['frontier/transformer', { 'grid.width': 15 }, 'a multiple of 2'],
    [
      'frontier/transformer',
      { 'grid.model': 'mlp' },
      'images, modular-addition, or sorting with a transformer: their targets are one-hot',
    ],
    [
      'frontier/transformer',
      { 'grid.dataset': { kind: 'modular-addition', examples: 26, vocabulary: 5 } },
      'at most 25 examples',
    ],
    ['extra/cnn', { 'data.reduce': 'row-space' }, 'no `data.reduce`'],
    ['extra/cnn', { engine: 'auto', 'grid.parametrization': 'mup' }, 'parametrization standard'],
  ])('are refused where they have no meaning: %s, %o', (name, values, expected) => {
    const refusal = { details: expect.objectContaining({ expected }) };
    expect(() => loadSweep(name, { values })).toThrow(expect.objectContaining(refusal));
  });

  it('have as many parameters as the engines have room for', () => {
    for (const width of [1, 8]) {
      const cell = cellOf('frontier/cnn', { 'grid.width': width }) as NetworkCell & { model: 'cnn' };
      const { dataset, depth, activation, initialization } = cell;
      const network = {
        inputs: dataset.dimensions,
        outputs: dataset.outputs,
        width,
        depth,
        activation,
        initialization,
      };
      const sizes = layersOf('cnn', network).map(({ weights, biases }) => weights.length + biases.length);
      expect(layerParameters(cell)).toEqual(sizes);
    }
  });
});
