/** Two-sided 95 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/** Wilson's 95 % interval for a probability of which `hits` of `n` were seen. */
export function wilson(hits: number, n: number): [least: number, most: number] {
  const p = hits / n;
  const scale = 1 + (Z * Z) / n;
  const centre = (p + (Z * Z) / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Probability of at least `least` hits of n with probability p each. */
export function atLeast(least: number, n: number, p: number): number {
  let sum = 0;
  for (let k = least; k <= n; k++) sum += choose(n, k) * p ** k * (1 - p) ** (n - k);
  return sum;
}

function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i;
  return product;
}

export const percent = (share: number): string => {
  const value = 100 * share;
  return `${value < 10 && value > 1e-9 ? value.toPrecision(2) : value.toFixed(0)} %`;
};

/** A share with its interval. */
export function withInterval(hits: number, n: number): string {
  const [least, most] = wilson(hits, n);
  return `${percent(hits / n)} (${percent(least)} to ${percent(most)})`;
}
