import type { GridValue } from '../../shared/mod.ts';
import type { Statistic } from '../../shared/sweep/mod.ts';

export const STATISTIC_HEADINGS: Record<Statistic, string> = {
  n: 'n',
  mean: 'mean',
  sd: 'sd',
  ci95: '95 % CI',
  se: 'SE',
  min: 'min',
  median: 'median',
  max: 'max',
};

/** Statistics that can follow a mean after ±, and are shown with its decimals. */
export const SPREADS: readonly Statistic[] = ['sd', 'ci95', 'se'];

/** What stands between the statistics that share a field. */
export function entrySeparator(shown: readonly Statistic[]): string {
  return shown.length === 2 && shown[0] === 'mean' && SPREADS.includes(shown[1]) ? ' ± ' : ' / ';
}

/** batchSize is "batch size", dataset.examples is "examples". */
export function keyHeading(key: string): string {
  const name = key.slice(key.lastIndexOf('.') + 1);
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A value that heads a column: a number or a truth value needs its key beside it, a name speaks for itself. */
export function valueHeading(key: string, value: GridValue): string {
  return typeof value === 'string' ? value : `${keyHeading(key)} ${value}`;
}
