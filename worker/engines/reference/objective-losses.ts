import type { Loss } from '../../../shared/mod.ts';
import { crossEntropyOf } from './losses.ts';

const f = Math.fround;

/** Arrays of the last layer, [example][output]. */
type LastLayer = { z: Float32Array; y: Float32Array; kept: Float32Array; delta: Float32Array };

/** A loss as the objective takes it: its value, gradient and second derivatives with respect to the last layer's z, of one example. */
export type ObjectiveLoss = {
  /** The sum over examples is divided by this. */
  terms(count: number, outputs: number): number;
  /** What the derivatives of one example's sum are multiplied by, rounded. */
  scale(count: number, outputs: number): number;
  /** The loss of the example whose values begin at k; writes delta = dL/dz, and in `kept` what `multiply` needs. */
  evaluate(layer: LastLayer, k: number, outputs: number, scale: number): number;
  /** R{delta} = (d2L / dz2) R{z} */
  multiply(
    layer: Omit<LastLayer, 'z' | 'delta'> & { rz: Float32Array; rdelta: Float32Array },
    k: number,
    outputs: number,
    scale: number,
  ): void;
};

export const OBJECTIVE_LOSSES: Record<Loss, ObjectiveLoss> = {
  mse: {
    terms: (count, outputs) => count * outputs,
    scale: (count, outputs) => f(2 / (count * outputs)),
    evaluate({ z, y, delta }, k, outputs, scale) {
      let sum = 0;
      for (let j = k; j < k + outputs; j++) {
        const residual = f(z[j] - y[j]);
        sum = f(sum + f(residual * residual));
        delta[j] = f(scale * residual);
      }
      return sum;
    },
    multiply({ rz, rdelta }, k, outputs, scale) {
      for (let j = k; j < k + outputs; j++) rdelta[j] = f(scale * rz[j]);
    },
  },
  /**
   * As in training, see `losses.ts`. Of the second derivatives: e_j, s and r as there, R{z_m} that of the first largest e_j,
   * u_j = R{z_j} - R{z_m}, t = sum of e_j u_j, and
   *
   *     R{delta_j} = (1 / n) ((e_j r) (u_j - t / s))
   *
   * Differences from the likeliest class, so that nothing cancels where that is nearly certain: both its own u_j and the other e_j are
   * then about 0.
   */
  'cross-entropy': {
    terms: (count) => count,
    scale: (count) => f(1 / count),
    evaluate: ({ z, y, kept, delta }, k, outputs, scale) =>
      crossEntropyOf(z, y, { z: k, y: k }, outputs, scale, kept, delta),
    multiply({ y, kept, rz, rdelta }, k, outputs, scale) {
      let likeliest = k;
      for (let j = k + 1; j < k + outputs; j++) if (kept[j] > kept[likeliest]) likeliest = j;
      let s = 0;
      let mass = 0;
      let t = 0;
      for (let j = k; j < k + outputs; j++) {
        s = f(s + kept[j]);
        mass = f(mass + y[j]);
        t = f(t + f(kept[j] * f(rz[j] - rz[likeliest])));
      }
      const mean = f(t / s);
      const r = f(mass / s);
      for (let j = k; j < k + outputs; j++) {
        rdelta[j] = f(scale * f(f(kept[j] * r) * f(f(rz[j] - rz[likeliest]) - mean)));
      }
    },
  },
};
