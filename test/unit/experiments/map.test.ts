import { describe, expect, it } from 'vitest';
import { boxDimension, CLASSES, type Field, fieldOf } from '../../../orchestrator/experiments/map/field.ts';
import {
  BASE,
  BLOCK_POINTS,
  blocksOf,
  decodeSeries,
  type MapCell,
  placesOf,
  type Series,
  seriesDigest,
  valueAtIndex,
} from '../../../shared/mod.ts';
import { expand, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { engineOf } from '../../../worker/engines/mod.ts';
import { computeOn } from '../../../worker/experiments/mod.ts';
import { nativeEngines } from '../../support/native.ts';
import { withFile } from '../sweep/support.ts';

const TEXT = `name: probe
title: Probe
experiment: map
grid: {activation: tanh, depth: 2, width: 3, dataset: {kind: synthetic, examples: 5, dimensions: 2}}
layers: {biases: none, initialScales: [1, 0.5]}
map: {x: {layer: 1, from: 0.1, to: 1000}, y: {layer: 2, from: 0.1, to: 1000, scale: linear}, points: 64, steps: 30}
`;
const load = (change: (text: string) => string = (text) => text) =>
  withFile(change(TEXT), (file) => loadSweepOf('map', file));

describe('points', () => {
  it('every level has each of its new points once, and a finer map has those of the coarser one', () => {
    const blocks = (points: number) => Array.from({ length: blocksOf(points) }, (_, i) => placesOf(i)).flat();
    const positions = blocks(4 * BASE).map(({ column, row, points }) => `${column / points} ${row / points}`);
    expect(new Set(positions).size).toBe((4 * BASE) ** 2);
    const coarse = new Set(blocks(2 * BASE).map(({ column, row, points }) => `${column / points} ${row / points}`));
    expect(positions.filter((position) => coarse.has(position))).toHaveLength((2 * BASE) ** 2);
    expect(positions.slice(0, coarse.size).every((position) => coarse.has(position))).toBe(true);
  });

  it('a point has the same values in a finer map', () => {
    for (const scale of ['linear', 'log'] as const) {
      const axis = { from: 0.3, to: 7000, scale };
      for (let i = 0; i < 32; i++) expect(valueAtIndex(axis, 4 * i, 128)).toBe(valueAtIndex(axis, i, 32));
    }
  });

  it('a logarithmic axis has equal ratios', () => {
    const axis = { from: 1e-3, to: 1e5, scale: 'log' as const };
    for (let i = 0; i < 64; i++) {
      expect(valueAtIndex(axis, i, 64) / (1e-3 * 10 ** (i / 8))).toBeCloseTo(1, 12);
    }
  });
});

it('every engine gives the bits of single trainings with these step sizes', async () => {
  const expansion = expand(load());
  const task = expansion.task(2, 0);
  const { result, file } = await computeOn(engineOf('reference'), task);
  for (const engine of [engineOf('simd'), ...nativeEngines().map(([, native]) => native)]) {
    expect((await computeOn(engine, task)).result).toEqual(result);
  }
  const { rows, columns } = await decodeSeries(file!);
  expect(rows).toBe(BLOCK_POINTS);
  expect(seriesDigest({ rows, columns })).toBe(result.series);
  const diverged = columns.get('divergence')!.filter((value) => !Number.isNaN(value));
  expect(diverged).toHaveLength(result.diverged);
  expect(columns.get('last_ratio')!.filter((value) => value < 1)).toHaveLength(result.converged);
  // a point of the block as a survival task, whose two layers have the step sizes of the point
  const row = columns.get('divergence')!.findIndex((value) => !Number.isNaN(value));
  const { map, ...cell } = task.cell;
  const alone = await computeOn(engineOf('reference'), {
    ...task,
    experiment: 'map',
    cell: {
      ...cell,
      layers: { ...cell.layers, stepSizes: [columns.get('x')![row], columns.get('y')![row]] },
      map: { ...map, x: { ...map.x, from: 1, to: 2, scale: 'linear' }, y: { ...map.y, from: 1, to: 2 }, block: 0 },
    },
  } as typeof task);
  const first = (await decodeSeries(alone.file!)).columns.get('divergence')![0];
  expect(first).toBe(columns.get('divergence')![row]);
});

it('the digest of the first block stays as it is', async () => {
  const { result } = await computeOn(engineOf('simd'), expand(load()).task(0, 0));
  expect(result).toMatchInlineSnapshot(`
    {
      "converged": 32,
      "diverged": 992,
      "points": 1024,
      "series": "b29dbc602b5c398c3ca94262c19a464c595225eafc5681fa9e1218f43f431fc5",
    }
  `);
});

it('a finer map keeps the tasks of the coarser one', () => {
  const ids = (points: number) => {
    const expansion = expand(load((text) => text.replace('points: 64', `points: ${points}`)));
    return expansion.cells.map((_, i) => expansion.task(i, 0).id);
  };
  expect(ids(32)).toHaveLength(1);
  expect(ids(128).slice(0, 4)).toEqual(ids(64));
});

describe('a field', () => {
  const seriesOf = (divergence: number): Series => ({
    rows: BLOCK_POINTS,
    columns: new Map([
      ['divergence', new Float64Array(BLOCK_POINTS).fill(divergence)],
      ['last_ratio', new Float64Array(BLOCK_POINTS).fill(0.5)],
      ['mean_ratio', new Float64Array(BLOCK_POINTS).fill(0.5)],
    ]),
  });

  it('shows a coarse point in its whole square until there are finer ones', () => {
    const { classes } = fieldOf(new Map([[0, seriesOf(Number.NaN)]]), 64);
    expect(classes.every((kind) => kind === CLASSES.converged)).toBe(true);
    const finer = fieldOf(new Map([0, 1, 2, 3].map((block) => [block, seriesOf(block === 0 ? Number.NaN : 7)])), 64);
    expect(finer.classes.filter((kind) => kind === CLASSES.converged)).toHaveLength(BLOCK_POINTS);
    expect(finer.shade[1]).toBe(7);
  });

  const fieldWhere = (points: number, converged: (x: number, y: number) => boolean): Field => {
    const classes = new Uint8Array(points * points).map((_, i) =>
      converged(i % points, Math.floor(i / points)) ? CLASSES.converged : CLASSES.diverged,
    );
    return { points, classes, shade: new Float64Array(points * points) };
  };

  it('a straight boundary has dimension 1, a checkerboard 2, a Sierpinski triangle log 3 / log 2', () => {
    expect(boxDimension(fieldWhere(512, (x, y) => y < 0.37 * x + 50))).toBeCloseTo(1, 1);
    expect(boxDimension(fieldWhere(512, (x, y) => (x + y) % 2 === 0))).toBeCloseTo(2, 2);
    expect(boxDimension(fieldWhere(512, (x, y) => (x & y) === 0))).toBeCloseTo(Math.log2(3), 1);
  });

  it('no boundary, or a map that is not complete, has none', () => {
    expect(boxDimension(fieldWhere(64, () => true))).toBeNull();
    expect(boxDimension(fieldOf(new Map(), 64))).toBeNull();
  });
});

it.each<[string, (text: string) => string, RegExp]>([
  [
    'points that are no power of two',
    (text) => text.replace('points: 64', 'points: 100'),
    /power of two from 32 to 4096/,
  ],
  ['more points than a map has', (text) => text.replace('points: 64', 'points: 8192'), /power of two from 32 to 4096/],
  ['an axis of one value', (text) => text.replace('from: 0.1, to: 1000}', 'from: 1, to: 1}'), /the axis is empty/],
  ['one layer twice', (text) => text.replace('layer: 2', 'layer: 1'), /both axes are the same/],
  ['a layer that is not there', (text) => text.replace('layer: 2', 'layer: 3'), /no such layer/],
  ['scales of other layers', (text) => text.replace('[1, 0.5]', '[1]'), /another length than the network/],
])('%s are refused', (_, change, message) => {
  expect(() => load(change)).toThrow(message);
});

it('an axis of all layers multiplies that of one', () => {
  const { cells } = expand(load((text) => text.replace('layer: 1', 'layer: all')));
  expect((cells as MapCell[])[0].map.x.layer).toBe('all');
});
