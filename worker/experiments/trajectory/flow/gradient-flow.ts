import type { Objective } from '../../../engines/mod.ts';
import { type Field, rungeKutta } from './runge-kutta.ts';

/** What is known of the curvature at a point of a flow. */
export type Curvature = { sharpness: number; products: number };

/** Steps that one measurement of the sharpness is good for: it sets their length, and rises only slowly. */
const STEPS_PER_MEASUREMENT = 20;

export type FlowSettings = {
  /** a step is this over the sharpness: RK4 is stable up to 2.785, and accurate to a part in 100 at 1 */
  alpha: number;
  /** and at most this, in time */
  maxStep: number;
};

export type Flow = {
  /** float64, so that the small steps of a late flow are not rounded away; the objective is evaluated at the nearest float32 vector */
  w: Float64Array;
  /** sum of the step sizes of gradient descent up to where the flow is */
  time: number;
  /** at w, or a little before */
  sharpness: number;
};

/** -grad L at the nearest float32 vector. */
export function descentField(objective: Objective): Field {
  const at = new Float32Array(objective.size);
  const gradient = new Float32Array(objective.size);
  return (w, slope) => {
    at.set(w);
    objective.evaluate(at, gradient);
    for (let i = 0; i < slope.length; i++) slope[i] = -gradient[i];
  };
}

/** The length of the next step: alpha / lambda where lambda is positive, the longest one elsewhere; no further than what remains. */
export function stepOf({ alpha, maxStep }: FlowSettings, sharpness: number, remaining: number): number {
  const stable = sharpness > 0 && Number.isFinite(sharpness) ? alpha / sharpness : maxStep;
  return Math.min(stable, maxStep, remaining);
}

/**
 * Follows gradient flow, dw/dt = -grad L(w), up to a time, by Runge-Kutta steps of min(alpha / lambda, maxStep, remaining).
 *
 * @param measure the sharpness at a point; called after every 20 steps
 * @returns steps taken
 */
export function followFlow(
  flow: Flow,
  until: number,
  settings: FlowSettings,
  field: Field,
  measure: (w: Float64Array) => number,
): number {
  let steps = 0;
  while (flow.time < until) {
    if (steps > 0 && steps % STEPS_PER_MEASUREMENT === 0) flow.sharpness = measure(flow.w);
    const remaining = until - flow.time;
    const h = stepOf(settings, flow.sharpness, remaining);
    rungeKutta(field, flow.w, h);
    flow.time = h === remaining ? until : flow.time + h;
    steps += 1;
  }
  return steps;
}
