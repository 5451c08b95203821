import type { EigenvalueGradient } from '../../../eigen/mod.ts';
import { type Flow, isTooShort, type StepSettings, stepOf } from './gradient-flow.ts';
import { type Field, rungeKutta } from './runge-kutta.ts';

/** Below this share of 2 / step size the network is too far from the edge for oscillations, and the gradient of lambda is not computed. */
const NEAR_EDGE = 0.9;

export type CentralFlow = Flow & {
  /** mean over the time followed last of X, the mean square of gradient descent's oscillation along the top eigenvector, 0 below the edge */
  variance: number;
};

/** The largest eigenvalue at a point with its eigenvector, of norm 1, and the gradients of the loss and of the eigenvalue there. */
export type Probes = {
  top(w: Float64Array): { sharpness: number; vector: Float64Array; gradient: Float32Array };
  eigenvalueGradient(w: Float64Array, vector: Float64Array): EigenvalueGradient['gradient'];
};

/**
 * Follows the central flow in one direction (Cohen et al. 2024, "Understanding optimization in deep learning with central flows") up to a
 * time: the time average of gradient descent that oscillates along the top eigenvector with mean square X,
 *
 *     dw/dt = -(grad L + X/2 grad lambda),     X = 0 below the edge, 2 <-grad L, grad lambda> / |grad lambda|^2 at lambda = 2 / eta
 *
 * Steps are those of gradient flow. Over each, X and grad lambda are those of its beginning; X is the least that keeps lambda, to first
 * order, at or below 2 / eta at its end: max(0, 2 (alpha + (lambda - 2 / eta) / h) / |grad lambda|^2), alpha = -<grad L, grad lambda>. At
 * the edge that is the X above, and off it what brings lambda back, so that errors of the steps do not add up. Where several eigenvalues
 * are at the edge, whichever is on top at a step is pushed back, and the flow slides along with all of them at it: X is then shared out over
 * the steps, and its mean over time is the sum of what each direction needs.
 *
 * No step is taken again. Where weights or lambda are not finite, or steps would be too short, the flow is lost: its time is NaN from there.
 *
 * @returns steps taken
 */
export function followCentralFlow(
  flow: CentralFlow,
  until: number,
  stepSize: number,
  settings: StepSettings,
  field: Field,
  probes: Probes,
): number {
  const edge = 2 / stepSize;
  const start = flow.time;
  let [steps, total] = [0, 0];
  while (flow.time < until) {
    const { sharpness, vector, gradient } = probes.top(flow.w);
    flow.sharpness = sharpness;
    const remaining = until - flow.time;
    const stable = stepOf(settings, sharpness, Number.POSITIVE_INFINITY);
    if (!Number.isFinite(sharpness) || isTooShort(settings, stable, flow.time, until - start)) {
      flow.time = Number.NaN;
      return steps;
    }
    const h = Math.min(stable, remaining);
    let push: Float64Array | undefined;
    if (sharpness >= NEAR_EDGE * edge) {
      const rise = probes.eigenvalueGradient(flow.w, vector);
      let [alpha, squares] = [0, 0];
      for (let i = 0; i < rise.length; i++) {
        alpha -= gradient[i] * rise[i];
        squares += rise[i] * rise[i];
      }
      const variance = (2 * (alpha + (sharpness - edge) / h)) / squares;
      if (variance > 0 && Number.isFinite(variance)) {
        total += h * variance;
        push = rise.map((value) => (variance / 2) * value);
      }
    }
    rungeKutta(push === undefined ? field : pushed(field, push), flow.w, h);
    steps += 1;
    if (!flow.w.every(Number.isFinite)) {
      flow.time = Number.NaN;
      return steps;
    }
    flow.time = h === remaining ? until : flow.time + h;
  }
  flow.variance = until > start ? total / (until - start) : 0;
  return steps;
}

function pushed(field: Field, push: Float64Array): Field {
  return (w, slope) => {
    field(w, slope);
    for (let i = 0; i < slope.length; i++) slope[i] -= push[i];
  };
}
