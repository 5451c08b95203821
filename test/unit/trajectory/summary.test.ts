import { expect, it } from 'vitest';
import { summarize as summarizeAt } from '../../../worker/experiments/trajectory/summary.ts';

const summarize = (series: ReturnType<typeof seriesOf>) => summarizeAt(series, { matrix: 'hessian', over: 2 });

/** A series with the step size 0.1, so that the edge is at 20; undefined where nothing was measured. */
function seriesOf(sharpness: (number | undefined)[], losses = sharpness.map(() => 1), stepSize: number | null = 0.1) {
  const column = (values: readonly (number | undefined)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);
  const columns = new Map([
    ['loss', column(losses)],
    ['sharpness', column(sharpness)],
  ]);
  if (stepSize !== null) columns.set('step_size', column(sharpness.map(() => stepSize)));
  return { rows: sharpness.length, columns };
}

const times = <T>(count: number, value: T): T[] => Array(count).fill(value);

it('the edge is the first of ten consecutive measurements within a tenth of 2 / step size', () => {
  expect(summarize(seriesOf([5, 17.9, ...times(10, 18.1)])).edge).toBe(3);
  expect(summarize(seriesOf([5, ...times(9, 21.9)])).edge).toBeNull();
  expect(summarize(seriesOf([5, ...times(9, 21.9), 22.1, ...times(10, 21.9)])).edge).toBe(12);
  // what was not measured does not count
  expect(summarize(seriesOf([5, undefined, ...Array.from({ length: 10 }, () => [20, undefined]).flat()])).edge).toBe(3);
});

it('the edge of Adam is that of the preconditioned sharpness', () => {
  const { rows, columns } = seriesOf(times(20, 500));
  const adam = { matrix: 'preconditioned', over: 38 } as const;
  columns.set('preconditioned_sharpness', Float64Array.from(times(20, 342)));
  const { edge, plateau } = summarizeAt({ rows, columns }, adam);
  expect(edge).toBe(1);
  expect(plateau?.sharpness).toBe(500);
  expect(plateau?.ofEdge).toBeCloseTo(0.9, 12);
  columns.delete('preconditioned_sharpness');
  expect(summarizeAt({ rows, columns }, adam)).toMatchObject({ edge: null, plateau: { sharpness: 500, ofEdge: null } });
});

it('the plateau is the median over the last fifth', () => {
  const values = [...times(80, 5), ...times(9, 30), ...times(11, 20)];
  expect(summarize(seriesOf(values)).plateau).toEqual({ sharpness: 20, ofEdge: 1 });
  expect(summarize(seriesOf(times(10, 5))).plateau).toEqual({ sharpness: 5, ofEdge: 0.25 });
});

it('the plateau of the batch sharpness is over 2 / step size, of sgd alone', () => {
  const { rows, columns } = seriesOf(times(20, 5));
  columns.set('batch_sharpness', Float64Array.from([...times(16, 1), 12, 14, 13, Number.NaN]));
  const { batchPlateau } = summarize({ rows, columns });
  expect(batchPlateau?.sharpness).toBe(13);
  expect(batchPlateau?.ofEdge).toBeCloseTo(0.65, 12);
  const momentum = summarizeAt({ rows, columns }, { matrix: 'hessian', over: 3.8 });
  expect(momentum.batchPlateau).toEqual({ sharpness: 13, ofEdge: null });
});

it('without measurements, with step sizes by layer, or with a last loss that is infinite there is less to say', () => {
  expect(summarize(seriesOf(times(20, undefined)))).toEqual({ edge: null, plateau: null, loss: 1 });
  expect(summarize(seriesOf(times(20, 20), times(20, 1), null))).toMatchObject({
    edge: null,
    plateau: { sharpness: 20, ofEdge: null },
  });
  expect(summarize(seriesOf(times(3, 20), [3, 2, Number.POSITIVE_INFINITY])).loss).toBe(2);
  expect(summarize(seriesOf([20], [Number.NaN])).loss).toBeNull();
});

it('test loss and accuracy are the last that were measured', () => {
  const { rows, columns } = seriesOf(times(6, 5));
  expect(summarize({ rows, columns })).not.toHaveProperty('test');
  const gaps = (...values: number[]) => Float64Array.from([...values, Number.NaN, Number.NaN]);
  columns.set('test_loss', gaps(3, Number.NaN, 2, Number.POSITIVE_INFINITY));
  expect(summarize({ rows, columns }).test).toEqual({ loss: 2 });
  columns.set('test_accuracy', gaps(0.1, Number.NaN, 0.4, 0.1));
  expect(summarize({ rows, columns }).test).toEqual({ loss: 2, accuracy: 0.4 });
  columns.set('test_loss', Float64Array.from(times(6, Number.NaN)));
  expect(summarize({ rows, columns })).not.toHaveProperty('test');
});
