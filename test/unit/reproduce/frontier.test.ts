import { expect, test } from 'vitest';
import type { Training } from '../../../reproduce/chapter-3/trajectories.ts';
import { fill } from '../../../reproduce/frontier/fill.ts';
import { budget } from '../../../reproduce/frontier/sections/sharpening.ts';
import { quantile, shown, spread, verdictOf } from '../../../reproduce/frontier/statistics.ts';
import { atEdge, firstAbove, groups, lastAbove, thresholdOf } from '../../../reproduce/frontier/trainings.ts';

/** A training that measured a column at iterations 1, 1 + every, ... */
function training(columns: Record<string, readonly number[]>, { every = 1, run = 0, at = {} } = {}): Training {
  const rows = Math.max(...Object.values(columns).map(({ length }) => length)) * every;
  const spaced = (values: readonly number[]) =>
    Float64Array.from({ length: rows }, (_, row) => (row % every === 0 ? (values[row / every] ?? NaN) : NaN));
  const series = { rows, columns: new Map(Object.entries(columns).map(([name, values]) => [name, spaced(values)])) };
  return { at, run, series, depth: 2 } as unknown as Training;
}

test('quantiles interpolate between sorted values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([0, 10], 0.05)).toBeCloseTo(0.5, 12);
  expect([0, 1].map((share) => quantile([5, -1, 2], share))).toEqual([-1, 5]);
});

test('numbers have three digits, and a median its range', () => {
  expect([0, 7, 401, 0.20549, 12670.2, 0.00012, Number.NaN].map(shown)).toEqual([
    '0',
    '7',
    '401',
    '0.205',
    '1.27e+4',
    '1.20e-4',
    '–',
  ]);
  expect(spread([1.5, 1.25, 3.75])).toBe('1.50 (1.25 to 3.75)');
  expect(spread([7, 7, 7])).toBe('7');
  expect(spread([410, undefined, 510])).toBe('460 (410 to 510), in 2 of 3');
  expect([spread([undefined]), spread([])]).toEqual(['never', '–']);
});

test('a verdict is of all trainings, or counts them', () => {
  expect([[true, true], [false, false], [true, false, true], []].map(verdictOf)).toEqual([
    'holds',
    'does not hold',
    'holds in 2 of 3',
    'cannot be told',
  ]);
});

test('at the edge: from 100 iterations after it is first reached, over the threshold', () => {
  const points = [0, 10, 4, 20, 10, 30].map((value, i) => ({ iteration: 50 * i + 1, value }));
  expect([firstAbove(points, 10), lastAbove(points, 10), firstAbove(points, 31)]).toEqual([51, 251, undefined]);
  expect(atEdge(points, 10)).toMatchObject({ from: 51, least: 1, median: 2, most: 3 });
  expect(atEdge(points, 31)).toBeUndefined();
});

test('each optimiser has its own edge', () => {
  const at = (optimizer: string) => thresholdOf(training({ step_size: [0.02] }), optimizer);
  const edges = ['sgd', 'momentum 0.9', 'nesterov 0.9', 'adam', 'rmsprop'].map(at);
  expect(edges.map((edge) => Number(edge.toFixed(3)))).toEqual([100, 190, 67.857, 1900, 100]);
  expect(() => at('sgd 1')).toThrow('no edge of sgd 1');
});

test('trainings of a cell stand together, seed by seed', () => {
  const all = [0, 1].flatMap((run) => ['tanh', 'relu'].map((activation) => training({}, { run, at: { activation } })));
  const found = groups({ title: '', folder: '', trainings: all });
  expect(found.map(({ name, trainings }) => [name, trainings.map(({ run }) => run)])).toEqual([
    ['tanh', [0, 1]],
    ['relu', [0, 1]],
  ]);
});

test('the rates are integrated over time up to the edge', () => {
  // step size 0.1, so 2 / step size is 20, which is reached at iteration 21: two seconds of time
  const found = budget(
    training(
      {
        step_size: [0.1],
        sharpness: [2, 8, 20, 99],
        sharpening: [4, 8, 16, 1e6],
        sharpening_layer_1: [1, 2, 4, 1e6],
        sharpening_layer_2: [3, 6, 12, 1e6],
      },
      { every: 10 },
    ),
  );
  expect(found).toMatchObject({ from: 2, to: 20, rise: 18, until: 21 });
  expect([found.whole, ...found.layers].map((value) => Number(value.toFixed(9)))).toEqual([18, 4.5, 13.5]);
});

test('numbers are written between their marks alone', () => {
  const document =
    'a\n<!-- numbers: x -->\nold\n<!-- end of numbers -->\nb <!-- numbers: y -->1<!-- end of numbers -->\n';
  const filled = fill(document, 'x', 'new');
  expect(filled).toBe(document.replace('\nold\n', '\n\nnew\n\n'));
  expect(fill(filled, 'x', 'new')).toBe(filled);
  expect(() => fill(document, 'z', '')).toThrow('numbers: z');
});
