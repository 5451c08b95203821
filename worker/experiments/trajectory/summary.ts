import {
  BATCH_COLUMNS,
  COLUMNS,
  type Edge,
  isPlainEdge,
  MEASUREMENTS_AT_EDGE,
  type Series,
  sharpnessColumn,
  TEST_COLUMNS,
  type TrajectoryResult,
} from '../../../shared/mod.ts';

/** A measurement within this distance from the edge, relative, is at it; see `MEASUREMENTS_AT_EDGE`. */
const AT_EDGE = 0.1;
/** The plateau is that of the last fifth of the iterations. */
const LAST_SHARE = 0.2;

type Summary = Pick<TrajectoryResult, 'edge' | 'plateau' | 'batchPlateau' | 'loss' | 'test'>;

/**
 * What a table says of a series. A training with a step size for each layer has no one edge.
 * @param edge of the optimiser: over / step size is 2 / step size for plain gradient descent
 */
export function summarize({ rows, columns }: Series, edge: Edge): Summary {
  const { matrix, over } = edge;
  const losses = columns.get(COLUMNS.loss)!;
  const sharpness = columns.get(COLUMNS.sharpness)!;
  const bounded = columns.get(sharpnessColumn(matrix));
  const stepSizes = columns.get(COLUMNS.stepSize);
  const plateaus: number[] = [];
  const measured: { iteration: number; ofEdge: number }[] = [];
  let loss: number | null = null;
  for (let row = 0; row < rows; row++) {
    if (Number.isFinite(losses[row])) loss = losses[row];
    const isLast = row + 1 > rows - LAST_SHARE * rows;
    if (isLast && Number.isFinite(sharpness[row])) plateaus.push(sharpness[row]);
    const value = bounded?.[row] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    measured.push({
      iteration: row + 1,
      ofEdge: stepSizes === undefined ? Number.NaN : (value * stepSizes[row]) / over,
    });
  }
  const last = measured.filter(({ iteration }) => iteration > rows - LAST_SHARE * rows);
  const ofEdge = median(last.map((one) => one.ofEdge).filter(Number.isFinite));
  const plateau = median(plateaus);
  return {
    edge: firstAtEdge(measured),
    plateau: plateau === null ? null : { sharpness: plateau, ofEdge },
    ...batchPlateauOf({ rows, columns }, isPlainEdge(edge)),
    loss,
    ...testOf({ rows, columns }),
  };
}

/** The last of the test set, where there is one. */
function testOf({ rows, columns }: Series): Pick<Summary, 'test'> {
  const [losses, accuracies] = [TEST_COLUMNS.loss, TEST_COLUMNS.accuracy].map((name) => columns.get(name));
  if (losses === undefined) return {};
  for (let row = rows - 1; row >= 0; row--) {
    if (!Number.isFinite(losses[row])) continue;
    return { test: { loss: losses[row], ...(accuracies && { accuracy: accuracies[row] }) } };
  }
  return {};
}

/** Of the batch sharpness, where there is one. @param hasEdge whether 2 / step size is one for it */
function batchPlateauOf({ rows, columns }: Series, hasEdge: boolean): Pick<Summary, 'batchPlateau'> {
  const values = columns.get(BATCH_COLUMNS.ofRatios.value);
  const stepSizes = columns.get(COLUMNS.stepSize);
  const last: { value: number; ofEdge: number }[] = [];
  for (let row = 0; row < rows; row++) {
    const value = values?.[row] ?? Number.NaN;
    if (row + 1 <= rows - LAST_SHARE * rows || !Number.isFinite(value)) continue;
    last.push({ value, ofEdge: hasEdge ? ((stepSizes?.[row] ?? Number.NaN) * value) / 2 : Number.NaN });
  }
  const sharpness = median(last.map(({ value }) => value));
  if (sharpness === null) return {};
  return { batchPlateau: { sharpness, ofEdge: median(last.map(({ ofEdge }) => ofEdge).filter(Number.isFinite)) } };
}

function firstAtEdge(measured: readonly { iteration: number; ofEdge: number }[]): number | null {
  let first = 0;
  for (const [i, { ofEdge }] of measured.entries()) {
    if (!(Math.abs(ofEdge - 1) <= AT_EDGE)) first = i + 1;
    else if (i + 1 - first === MEASUREMENTS_AT_EDGE) return measured[first].iteration;
  }
  return null;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
