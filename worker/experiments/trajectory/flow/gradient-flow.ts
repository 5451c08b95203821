import type { FlowSettings } from '../../../../shared/mod.ts';
import type { Objective } from '../../../engines/mod.ts';
import { type Field, rungeKutta } from './runge-kutta.ts';

/** Steps of one stretch, at whose end the sharpness is measured. */
const STRETCH = 8;
/**
 * The sharpness at the end of a stretch, times its longest step, may be so many times alpha; above it the stretch is taken again. RK4 is
 * stable up to 2.785, which is more than SLACK times the largest alpha of a cell.
 */
const SLACK = 1.5;
/** Above so many times alpha the flow has blown up, and the sharpness there says nothing of where it began. */
const BLOWN_UP = 16;
/** The loss of a flow falls. It may rise by so much, relative and absolute, which is more than float32 rounds. */
const RISE = { relative: 0.1, absolute: 1e-6 };
/** Shortest step, as a share of the time that is followed at once. */
const SHORTEST = 1e-6;

/** A step is alpha over the sharpness, and at most maxStep, in time. */
export type StepSettings = Pick<FlowSettings, 'alpha' | 'maxStep'>;

export type Flow = {
  /** float64, so that the small steps of a late flow are not rounded away; the objective is evaluated at the nearest float32 vector */
  w: Float64Array;
  /** sum of the step sizes of gradient descent up to where the flow is; NaN once it cannot be followed any further */
  time: number;
  /** at w */
  sharpness: number;
};

/** What a flow is watched by. */
export type FlowProbes = {
  loss(w: Float64Array): number;
  /** the last point measured is the one where the flow ends, if it has moved and is not lost */
  sharpness(w: Float64Array): number;
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
export function stepOf({ alpha, maxStep }: StepSettings, sharpness: number, remaining: number): number {
  const stable = sharpness > 0 && Number.isFinite(sharpness) ? alpha / sharpness : maxStep;
  return Math.min(stable, maxStep, remaining);
}

/** Would steps of that length lead nowhere? */
export function isTooShort({ maxStep }: StepSettings, h: number, time: number, span: number): boolean {
  return h < Math.min(SHORTEST * span, maxStep) || time + h === time;
}

/**
 * Follows gradient flow, dw/dt = -grad L(w), up to a time, by Runge-Kutta steps of min(alpha / lambda, maxStep, remaining), lambda that of
 * the beginning of a stretch of 8 steps. Where lambda has risen too much at its end for the steps that were taken, the stretch is taken
 * again with that lambda. Where loss or lambda is not finite, lambda is far too large, or the loss alone has risen, the flow has blown up, and
 * the stretch is taken again with steps half as long; this limit doubles with every stretch that is kept.
 *
 * Where steps would have to be shorter than a millionth of the time to follow, the flow is lost: its time is NaN from there.
 *
 * @returns steps, those taken again included
 */
export function followFlow(
  flow: Flow,
  until: number,
  settings: StepSettings,
  field: Field,
  probes: FlowProbes,
): number {
  const span = until - flow.time;
  let steps = 0;
  let limit = Number.POSITIVE_INFINITY;
  let loss = flow.time < until ? probes.loss(flow.w) : 0;
  while (flow.time < until) {
    const start = { w: Float64Array.from(flow.w), time: flow.time };
    let longest = 0;
    for (let i = 0; i < STRETCH && flow.time < until; i++) {
      const remaining = until - flow.time;
      const stable = Math.min(stepOf(settings, flow.sharpness, Number.POSITIVE_INFINITY), limit);
      if (isTooShort(settings, stable, flow.time, span)) {
        flow.time = Number.NaN;
        return steps;
      }
      const h = Math.min(stable, remaining);
      rungeKutta(field, flow.w, h);
      flow.time = h === remaining ? until : flow.time + h;
      longest = Math.max(longest, h);
      steps += 1;
    }
    const lossHere = probes.loss(flow.w);
    const sharpness = Number.isFinite(lossHere) ? probes.sharpness(flow.w) : Number.NaN;
    const reach = longest * sharpness;
    const isFalling = lossHere <= loss + RISE.relative * Math.abs(loss) + RISE.absolute;
    if (isFalling && reach <= SLACK * settings.alpha) {
      flow.sharpness = sharpness;
      loss = lossHere;
      limit *= 2;
      continue;
    }
    flow.w.set(start.w);
    flow.time = start.time;
    if (reach > SLACK * settings.alpha && reach <= BLOWN_UP * settings.alpha) flow.sharpness = sharpness;
    else limit = longest / 2;
  }
  return steps;
}
