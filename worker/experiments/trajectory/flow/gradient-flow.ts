import type { Objective } from '../../../engines/mod.ts';
import { type Field, rungeKutta } from './runge-kutta.ts';

/** Steps of one stretch, at whose end the sharpness is measured. */
const STRETCH = 8;
/** The sharpness at the end of a stretch, times its longest step, may be so many times alpha; above it the stretch is taken again. */
const SLACK = 1.5;

export type FlowSettings = {
  /** a step is this over the sharpness; RK4 is stable up to 2.785, which is more than SLACK times the largest alpha of a cell */
  alpha: number;
  /** and at most this, in time */
  maxStep: number;
};

export type Flow = {
  /** float64, so that the small steps of a late flow are not rounded away; the objective is evaluated at the nearest float32 vector */
  w: Float64Array;
  /** sum of the step sizes of gradient descent up to where the flow is */
  time: number;
  /** at w */
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
 * Follows gradient flow, dw/dt = -grad L(w), up to a time, by Runge-Kutta steps of min(alpha / lambda, maxStep, remaining), lambda that of
 * the beginning of a stretch of 8 steps. Where lambda has risen too much at its end for the steps that were taken, the stretch is taken
 * again with that lambda.
 *
 * @param measure the sharpness at a point; the last point measured is the one where the flow ends, if it has moved
 * @returns steps, those taken again included
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
    const start = { w: Float64Array.from(flow.w), time: flow.time };
    let longest = 0;
    for (let i = 0; i < STRETCH && flow.time < until; i++) {
      const remaining = until - flow.time;
      const h = stepOf(settings, flow.sharpness, remaining);
      rungeKutta(field, flow.w, h);
      flow.time = h === remaining ? until : flow.time + h;
      longest = Math.max(longest, h);
      steps += 1;
    }
    flow.sharpness = measure(flow.w);
    if (Number.isFinite(flow.sharpness) && longest * flow.sharpness > SLACK * settings.alpha) {
      flow.w.set(start.w);
      flow.time = start.time;
    }
  }
  return steps;
}
