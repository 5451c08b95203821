import { markdownTable } from 'markdown-table';

/** The value below which a share of the values lies, by linear interpolation between the sorted ones. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [Math.floor(place), Math.ceil(place)];
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Three significant digits; small and large numbers in scientific notation, whole numbers up to 9999 as they are. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || (Number.isInteger(value) && Math.abs(value) < 1e4)) return String(value);
  const size = Math.abs(value);
  return size >= 1e4 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(3);
}

/** Median over the seeds, and the lowest and highest of them; undefined stands for "never". */
export function spread(values: readonly (number | undefined)[], show = shown): string {
  const found = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (found.length === 0) return values.length === 0 ? '–' : 'never';
  const [low, middle, high] = [0, 0.5, 1].map((share) => quantile(found, share));
  const never = found.length < values.length ? `, in ${found.length} of ${values.length}` : '';
  // a median between two iterations is no iteration
  const median = Number.isInteger(low) && Number.isInteger(high) ? Math.round(middle) : middle;
  const range = low === high ? show(median) : `${show(median)} (${show(low)} to ${show(high)})`;
  return `${range}${never}`;
}

/** A statement that each training, or each seed, bears out or does not. */
export type Claim = { text: string; holds: readonly boolean[]; numbers: string };

/** `holds` and `does not hold` are said of all; otherwise how many there are of each. */
export function verdictOf(holds: readonly boolean[]): string {
  const many = holds.filter(Boolean).length;
  if (holds.length === 0) return 'cannot be told';
  if (many === holds.length) return 'holds';
  return many === 0 ? 'does not hold' : `holds in ${many} of ${holds.length}`;
}

export const claims = (all: readonly Claim[]): string =>
  markdownTable([
    ['claim', 'verdict', 'of', 'numbers'],
    ...all.map(({ text, holds, numbers }) => [text, verdictOf(holds), String(holds.length), numbers]),
  ]);

/** The first column is text, the others are numbers. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  markdownTable([[...head], ...rows.map((row) => [...row])], { align: head.map((_, i) => (i === 0 ? 'l' : 'r')) });
