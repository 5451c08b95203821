/** What stands where there is no number. */
export const NONE = '–';

/**
 * A number as tables show it: 5 decimals below 100, as the thesis prints, 6 significant digits from there on, and an exponent
 * where these would show nothing (below 0.001) or be too wide (from a million).
 *
 * @param beside the number it belongs to: a deviation gets the decimals of its mean
 */
export function formatNumber(value: number | null, beside: number | null = null): string {
  if (value === null) return NONE;
  const scale = Math.max(Math.abs(value), Math.abs(beside ?? 0));
  if (scale >= 1e6 || (scale < 1e-3 && scale > 0)) return value === 0 ? '0' : value.toExponential(4);
  return value.toFixed(scale < 100 ? 5 : 6 - Math.trunc(scale).toString().length);
}

/** A difference in standard errors, signed, two decimals. */
export function formatDifference(value: number | null): string {
  if (value === null) return NONE;
  const text = value.toFixed(2);
  if (Number(text) === 0) return '0.00';
  return value > 0 ? `+${text}` : text;
}
