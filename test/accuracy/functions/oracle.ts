/**
 * The functions of `worker/engines/reference/functions.ts` in float64, to measure those against. Relative errors are below 1e-14,
 * which is 2e-7 of a float32 unit in the last place. `Math` will do here: nothing of this reaches an outcome.
 */

/** Nodes of the table of Mills's ratio, at distance 1/16 on [0, 15]. */
const PER_UNIT = 16;
const LAST = 15;
const DEGREE = 11;

/** Mills's ratio M(a) = Phi(-a) / phi(a), a >= 0, slowly: a series below 1, Laplace's continued fraction above. */
function slowMillsRatio(a: number): number {
  if (a < 1) {
    let term = a;
    let sum = 0;
    for (let n = 1; term > 1e-20; n += 2) {
      sum += term;
      term *= (a * a) / (n + 2);
    }
    return Math.sqrt(Math.PI / 2) * Math.exp((a * a) / 2) - sum;
  }
  let fraction = a;
  for (let n = 600; n >= 1; n--) fraction = a + n / fraction;
  return 1 / fraction;
}

/** Taylor coefficients at every node, highest first, from M' = a M - 1 and M^(n+1) = a M^(n) + n M^(n-1). */
const TAYLOR = new Float64Array((LAST * PER_UNIT + 1) * (DEGREE + 1));
for (let node = 0; node <= LAST * PER_UNIT; node++) {
  const a = node / PER_UNIT;
  const derivatives = [slowMillsRatio(a)];
  derivatives.push(a * derivatives[0] - 1);
  for (let n = 1; n < DEGREE; n++) derivatives.push(a * derivatives[n] + n * derivatives[n - 1]);
  let factorial = 1;
  derivatives.forEach((derivative, n) => {
    factorial *= Math.max(n, 1);
    TAYLOR[node * (DEGREE + 1) + DEGREE - n] = derivative / factorial;
  });
}

function millsRatio(a: number): number {
  const node = Math.round(a * PER_UNIT);
  const h = a - node / PER_UNIT;
  const start = node * (DEGREE + 1);
  let sum = TAYLOR[start];
  for (let i = 1; i <= DEGREE; i++) sum = sum * h + TAYLOR[start + i];
  return sum;
}

/** e^(-x^2 / 2); for a float32 x the square is exact */
export function gauss(x: number): number {
  return Math.exp(-0.5 * (x * x));
}

export function normalDensity(x: number): number {
  return gauss(x) / Math.sqrt(2 * Math.PI);
}

/** Phi(x); 0 below -15, where it is less than 4e-51 */
export function normalCdf(x: number): number {
  const a = Math.abs(x);
  const tail = a >= LAST ? 0 : normalDensity(x) * millsRatio(a);
  return x < 0 ? tail : 1 - tail;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function gelu(x: number): number {
  return x * normalCdf(x);
}

export function geluSlope(x: number): number {
  return normalCdf(x) + x * normalDensity(x);
}

/** The larger of the slope's two terms: they cancel at -0.75, where the slope is 0. */
export function geluSlopeScale(x: number): number {
  return Math.max(normalCdf(x), Math.abs(x * normalDensity(x)));
}

export function silu(x: number): number {
  return x * sigmoid(x);
}

export function siluSlope(x: number): number {
  return sigmoid(x) * (1 + x * sigmoid(-x));
}

/** The larger of the slope's two terms: they cancel at -1.28, where the slope is 0. */
export function siluSlopeScale(x: number): number {
  return sigmoid(x) * Math.max(1, Math.abs(x * sigmoid(-x)));
}
