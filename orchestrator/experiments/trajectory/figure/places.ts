import { COLUMNS, isPlainEdge, layerColumn } from '../../../../shared/mod.ts';
import type { Line } from './types.ts';

/** In place of a column along the horizontal axis. */
export const TIME = 'time';
export const DISTANCE = 'distance';

/** The places of the rows of a training along a horizontal axis; undefined where they are not known. */
export function placesOf(line: Pick<Line, 'series' | 'edge'>, along: string): Float64Array | undefined {
  if (along === TIME) return before(line.series.columns.get(COLUMNS.stepSize)?.map(Math.fround));
  if (along === DISTANCE) return before(stepLengths(line));
  return line.series.columns.get(along);
}

/** The sum of the values before each row. */
function before(values: Float64Array | undefined): Float64Array | undefined {
  let sum = 0;
  return values?.map((value) => {
    const place = sum;
    sum += value;
    return place;
  });
}

/**
 * How far each step moves the weights: step size times gradient norm, of step sizes for each layer the root of the sum of their squares.
 * The directions of optimisers other than sgd are not recorded.
 */
function stepLengths({ series: { columns }, edge }: Pick<Line, 'series' | 'edge'>): Float64Array | undefined {
  if (!isPlainEdge(edge)) return undefined;
  const [stepSize, norm] = [columns.get(COLUMNS.stepSize), columns.get(COLUMNS.gradientNorm)];
  if (norm === undefined) return undefined;
  if (stepSize !== undefined) return stepSize.map((eta, i) => Math.fround(eta) * norm[i]);
  const layers: Float64Array[] = [];
  for (let l = 1; columns.has(layerColumn(COLUMNS.stepSize, l)); l++) {
    const [etas, norms] = [COLUMNS.stepSize, COLUMNS.gradientNorm].map((name) => columns.get(layerColumn(name, l))!);
    layers.push(etas.map((eta, i) => Math.fround(eta) * norms[i]));
  }
  return layers.length === 0 ? undefined : norm.map((_, i) => Math.hypot(...layers.map((lengths) => lengths[i])));
}
