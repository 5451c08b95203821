import { layersOf, type Training } from '../../chapter-3/trajectories.ts';
import { quantile, shown } from '../statistics.ts';

/** A training is "at" an edge when the median of what the edge bounds is this close to it. */
export const ROUGHLY = 0.1;
/** "Noticeably different", as in the reproduction of chapter 3. */
const DIFFERENT = 1.25;
/** "Comparable", as there. */
const COMPARABLE = 2;

/** Are no two values alike? */
export function isDifferent(values: readonly number[]): boolean {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.every((value, i) => i === 0 || value > DIFFERENT * sorted[i - 1]);
}

export const ratioOf = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);
export const isComparable = (values: readonly number[]): boolean => ratioOf(values) <= COMPARABLE;

/** Medians over the seeds of a number of each layer. */
export function layersText(
  trainings: readonly Training[],
  of: (training: Training, column: string) => number,
  name = 'sharpness',
): string {
  return layersOf(trainings[0], name)
    .map((column) => shown(median(trainings.map((training) => of(training, column)))))
    .join(', ');
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
