/** Writes dw/dt at w to `slope`. */
export type Field = (w: Float64Array, slope: Float64Array) => void;

/**
 * One step of the classical Runge-Kutta method of order 4: w <- w + (h / 6) (k1 + 2 k2 + 2 k3 + k4), with k1 at w, k2 at w + (h / 2) k1,
 * k3 at w + (h / 2) k2 and k4 at w + h k3. float64, element by element, in the order written.
 */
export function rungeKutta(field: Field, w: Float64Array, h: number): void {
  const slope = new Float64Array(w.length);
  const sum = new Float64Array(w.length);
  const at = Float64Array.from(w);
  for (const [weight, reach] of STAGES) {
    field(at, slope);
    for (let i = 0; i < w.length; i++) {
      sum[i] += weight * slope[i];
      at[i] = w[i] + reach * h * slope[i];
    }
  }
  for (let i = 0; i < w.length; i++) w[i] += (h / 6) * sum[i];
}

/** Of each stage its weight in the sum, and how far along its slope the next one is, in steps. */
const STAGES = [
  [1, 0.5],
  [2, 0.5],
  [2, 1],
  [1, 0],
] as const;
