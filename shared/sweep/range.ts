/** Written in place of a list: from + i * step, or from * factor^i, as long as it does not pass `to`. */
export type Range = { from: number; to: number; step: number } | { from: number; to: number; factor: number };

/** How many values a range may stand for. */
export const MAX_RANGE = 1_000_000;

/** Relative slack for round-off: `{from: 0, to: 0.3, step: 0.1}` has four values although 3 * 0.1 > 0.3. */
const SLACK = 1e-9;

/** How many values the range has, computed without listing them; may be Infinity. */
export function rangeLength(range: Range): number {
  const { from, to } = range;
  const steps =
    'step' in range ? (to - from) / range.step : (Math.log(to) - Math.log(from)) / Math.log1p(range.factor - 1);
  return Math.floor(steps + SLACK) + 1;
}

/** The values, those within round-off of a whole number made whole. Check `rangeLength` first. */
export function rangeValues(range: Range): number[] {
  const { from } = range;
  const value = 'step' in range ? (i: number) => from + i * range.step : (i: number) => from * range.factor ** i;
  return Array.from({ length: rangeLength(range) }, (_, i) => wholeIfNear(value(i)));
}

function wholeIfNear(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= SLACK * Math.max(1, Math.abs(value)) ? whole : value;
}
