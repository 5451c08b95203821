import { powersOf } from '../powers.ts';
import { log } from '../random/mod.ts';

/** Written in place of a list: from + i * step, or from * factor^i, as long as it does not pass `to`. */
export type Range = { from: number; to: number; step: number } | { from: number; to: number; factor: number };

/** How many values a range may stand for. */
export const MAX_RANGE = 1_000_000;

/** Relative slack for round-off: `{from: 0, to: 0.3, step: 0.1}` has four values although 3 * 0.1 > 0.3. */
const SLACK = 1e-9;

/** How many values the range has, computed without listing them; may be Infinity. */
export function rangeLength(range: Range): number {
  const { from, to } = range;
  const steps = 'step' in range ? (to - from) / range.step : (log(to) - log(from)) / log(range.factor);
  return Math.floor(steps + SLACK) + 1;
}

/** The values, those within round-off of a whole number made whole. Check `rangeLength` first. They are parts of tasks: the same on every machine. */
export function rangeValues(range: Range): number[] {
  const { from } = range;
  const length = rangeLength(range);
  if ('step' in range)
    return Array.from({ length }, (_, i) => wholeIfNear(from + i * range.step, Math.min(1, range.step)));
  const powers = powersOf(range.factor);
  return Array.from({ length }, () => wholeIfNear(from * powers.next().value));
}

/** @param scale what a value near 0 is small against; default: nothing */
function wholeIfNear(value: number, scale = 0): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= SLACK * Math.max(scale, Math.abs(value)) ? whole : value;
}
