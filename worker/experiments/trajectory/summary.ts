import { COLUMNS, type Series, type TrajectoryResult } from '../../../shared/mod.ts';

/** A measurement within this distance from 2 / step size, relative is at the edge ... */
const AT_EDGE = 0.1;
/** ... and as many of them in a row tell that the training is. */
const IN_A_ROW = 10;
/** The plateau is that of the last fifth of the iterations. */
const LAST_SHARE = 0.2;

type Summary = Pick<TrajectoryResult, 'edge' | 'plateau' | 'loss'>;

/** What a table says of a series. A training with a step size for each layer has no one edge. */
export function summarize({ rows, columns }: Series): Summary {
  const losses = columns.get(COLUMNS.loss)!;
  const sharpness = columns.get(COLUMNS.sharpness)!;
  const stepSizes = columns.get(COLUMNS.stepSize);
  const measured: { iteration: number; value: number; ofEdge: number }[] = [];
  let loss: number | null = null;
  for (let row = 0; row < rows; row++) {
    if (Number.isFinite(losses[row])) loss = losses[row];
    if (!Number.isFinite(sharpness[row])) continue;
    const ofEdge = stepSizes === undefined ? Number.NaN : (sharpness[row] * stepSizes[row]) / 2;
    measured.push({ iteration: row + 1, value: sharpness[row], ofEdge });
  }
  const last = measured.filter(({ iteration }) => iteration > rows - LAST_SHARE * rows);
  const ofEdge = median(last.map((one) => one.ofEdge).filter(Number.isFinite));
  const plateau = median(last.map(({ value }) => value));
  return { edge: firstAtEdge(measured), plateau: plateau === null ? null : { sharpness: plateau, ofEdge }, loss };
}

function firstAtEdge(measured: readonly { iteration: number; ofEdge: number }[]): number | null {
  let first = 0;
  for (const [i, { ofEdge }] of measured.entries()) {
    if (!(Math.abs(ofEdge - 1) <= AT_EDGE)) first = i + 1;
    else if (i + 1 - first === IN_A_ROW) return measured[first].iteration;
  }
  return null;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
