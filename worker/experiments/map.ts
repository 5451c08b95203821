import {
  encodeSeries,
  LAST_LOSSES,
  type MapCell,
  type MapResult,
  placesOf,
  type Series,
  seriesDigest,
  type TaskOf,
  valueAtIndex,
} from '../../shared/mod.ts';
import type { Engine, Training } from '../engines/mod.ts';
import { trainingProblem } from './network-problem.ts';
import type { Computed, Surroundings } from './surroundings.ts';

/** Trainings whose losses are kept at a time. */
const TOGETHER = 128;

/** Trains every point of a block, all from the same initial weights and on the same data. */
export async function map(
  { cell, run, seed }: TaskOf<'map'>,
  engine: Engine,
  { folders }: Surroundings,
): Promise<Computed<MapResult>> {
  const trainer = engine.prepare(trainingProblem(cell, cell.map, seed, run, folders));
  const points = pointsOf(cell);
  const rows = points.length;
  const empty = () => new Float64Array(rows).fill(Number.NaN);
  const [divergence, lastRatio, meanRatio] = [empty(), empty(), empty()];
  let [diverged, converged] = [0, 0];
  for (let first = 0; first < rows; first += TOGETHER) {
    const trials = points
      .slice(first, first + TOGETHER)
      .map(({ layers }) => ({ seed, run, rung: 0, stepSize: 1, layers }));
    for (const [i, training] of trainer.trainAll(trials).entries()) {
      const row = first + i;
      if (training.divergence !== null) {
        divergence[row] = training.divergence.iteration;
        diverged += 1;
        continue;
      }
      const { losses } = training;
      lastRatio[row] = meanRatioOf(training, Math.max(0, losses.length - LAST_LOSSES));
      meanRatio[row] = meanRatioOf(training, 0);
      if (lastRatio[row] < 1) converged += 1;
    }
  }
  const series: Series = {
    rows,
    columns: new Map([
      ['x', Float64Array.from(points, ({ x }) => x)],
      ['y', Float64Array.from(points, ({ y }) => y)],
      ['divergence', divergence],
      ['last_ratio', lastRatio],
      ['mean_ratio', meanRatio],
    ]),
  };
  const result: MapResult = { series: seriesDigest(series), points: rows as MapResult['points'], diverged, converged };
  return { result, file: await encodeSeries(series) };
}

/** Mean of loss / first loss from index `start` on: float64, summed in order. */
function meanRatioOf({ losses }: Training, start: number): number {
  let sum = 0;
  for (let t = start; t < losses.length; t++) sum += losses[t] / losses[0];
  return sum / (losses.length - start);
}

/** Each point of the block: its values on the axes, and the step size of each layer. */
export function pointsOf({
  map: { x, y, stepSize, block },
  depth,
}: MapCell): { x: number; y: number; layers: number[] }[] {
  return placesOf(block).map(({ column, row, points }) => {
    const values = { x: valueAtIndex(x, column, points), y: valueAtIndex(y, row, points) };
    const layers = Array.from({ length: depth }, (_, l) => {
      const concerns = ({ layer }: MapCell['map']['x']) => layer === 'all' || layer === l + 1;
      return stepSize * (concerns(x) ? values.x : 1) * (concerns(y) ? values.y : 1);
    });
    return { ...values, layers };
  });
}
