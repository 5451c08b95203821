import { expect, it } from 'vitest';
import { panelsOf } from '../../../orchestrator/ui/page/panels.ts';
import { seriesCsv, thinSeries } from '../../../orchestrator/ui/series.ts';
import type { SeriesColumns } from '../../../orchestrator/ui/wire.ts';

const namesOf = (...names: string[]) => new Map(names.map((name) => [name, Float64Array.of(1)]));

/** Titles, and the labels of the lines of each. */
function drawn(edge: SeriesColumns['edge'], ...names: string[]) {
  const columns = Object.fromEntries(['iteration', 'step_size', ...names].map((name) => [name, [0.5]]));
  const series = { rows: 1, names, columns, ...(edge && { edge }) };
  const panels = panelsOf([series], [0], undefined).filter(({ title }) => title !== 'step size');
  return Object.fromEntries(panels.map(({ title, lines }) => [title, lines.map(({ label, y }) => `${label} ${y[0]}`)]));
}

it('the page draws the edge of the optimiser, at the matrix that it is of, and measurements apart from errors', () => {
  expect(drawn({ matrix: 'preconditioned', over: 38.00000001 }, 'sharpness', 'preconditioned_sharpness')).toEqual({
    sharpness: ['sharpness 0.5'],
    'preconditioned sharpness': ['preconditioned sharpness 0.5', '38 / step size 76.00000002'],
  });
  expect(
    drawn(
      { matrix: 'hessian', over: 3.8 },
      ...['sharpness_layer_1', 'batch_sharpness', 'batch_sharpness_error', 'sharpness_gradient_norm'],
      ...['batch_sharpness_error_layer_1', 'gauss_newton_sharpness', 'batch_eigenvalue', 'batch_eigenvalue_error'],
    ),
  ).toEqual({
    sharpness: ['sharpness layer 1 0.5', 'batch sharpness 0.5', '3.8 / step size 7.6'],
    'sharpness, Gauss-Newton': ['gauss newton sharpness 0.5'],
    eigenvalues: ['batch eigenvalue 0.5'],
    'batch sharpness error': ['batch sharpness error 0.5'],
    'sharpness gradient norm': ['sharpness gradient norm 0.5'],
    'batch sharpness error layer 1': ['batch sharpness error layer 1 0.5'],
    'batch eigenvalue error': ['batch eigenvalue error 0.5'],
  });
  // of a user's program nothing is known
  expect(drawn(undefined, 'sharpness')).toEqual({ sharpness: ['sharpness 0.5'] });
});

it('a density leaves room for the columns after it', () => {
  const nodes = Array.from({ length: 40 }, (_, i) => `density_node_1_${i + 1}`);
  const columns = namesOf(
    'iteration',
    'products',
    'preconditioned_products',
    ...nodes,
    'density_products',
    'test_loss',
  );
  const { columns: sent, names } = thinSeries({ rows: 1, columns }, { points: 10 });
  expect(Object.keys(sent)).toEqual(['iteration', 'test_loss']);
  expect(names).toHaveLength(columns.size);
});

it('the limit of a CSV file counts its columns', () => {
  const columns = namesOf(...Array.from({ length: 100 }, (_, i) => `column_${i}`));
  expect(() => seriesCsv({ rows: 50_001, columns }, 0, 50_001)).toThrow('more than 5000000 values');
  expect(seriesCsv({ rows: 1, columns: namesOf('loss') }, 0, 1)).toBe('loss\n1\n');
});
