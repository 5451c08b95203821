import type { FlowSettings } from '../../../../shared/mod.ts';
import { eigenvalueGradient } from '../../../eigen/mod.ts';
import { type CentralFlow, followCentralFlow } from '../flow/central-flow.ts';
import { descentField, followFlow } from '../flow/gradient-flow.ts';
import type { Field } from '../flow/runge-kutta.ts';
import { EigenMeter } from '../meter.ts';
import { float64, type Gauge, NOTHING, type Parts, type StartGauge } from '../point.ts';

/** What a flow is advanced with. */
type Tools = {
  field: Field;
  loss(w: Float64Array): number;
  /** loss, gradient and top eigenpair at a point */
  measure(w: Float64Array): ReturnType<typeof measureAt>;
  gradientOfSharpness(w: Float64Array, vector: Float64Array): Float64Array;
};

/** Advances a flow to a time; what it measures last, if anything, is where the flow then is. @returns steps taken */
type Follow = (flow: CentralFlow, until: number, stepSize: number, tools: Tools) => number;

/** Gradient flow, by Runge-Kutta steps of alpha over its sharpness. */
export const flow: StartGauge = (parts: Parts, settings: FlowSettings) =>
  besideDescent('flow', parts, settings, {
    follow: (state, until, _, { field, loss, measure }) =>
      followFlow(state, until, settings, field, { loss, sharpness: (w) => measure(w).pair.value }),
    columns: (state) => ({ flow_time: state.time }),
  });

/** Central flow in one direction. Its predicted loss is the mean over the oscillation: L + lambda X / 2, at the edge L + X / eta. */
export const centralFlow: StartGauge = (parts: Parts, settings: FlowSettings) =>
  besideDescent('central_flow', parts, settings, {
    follow(state, until, stepSize, { field, measure, gradientOfSharpness }) {
      const steps = followCentralFlow(state, until, stepSize, settings, field, {
        top(w) {
          const { pair, vector, gradient } = measure(w);
          return { sharpness: pair.value, vector, gradient };
        },
        eigenvalueGradient: gradientOfSharpness,
      });
      if (!Number.isNaN(state.time)) measure(state.w);
      return steps;
    },
    columns: ({ sharpness, variance }, loss) => ({
      central_flow_predicted_loss: loss + (sharpness * variance) / 2,
      central_flow_variance: variance,
    }),
  });

/** Elements of a flow's clock: the times of gradient descent and of the flow, and what is known where the flow is. */
const [DESCENT, FLOW, SHARPNESS, VARIANCE] = [0, 1, 2, 3];

/** What is measured of a flow that cannot be followed any further. */
const LOST = { loss: Number.NaN, pair: { value: Number.NaN, residual: Number.NaN, converged: false } };

/**
 * A flow beside gradient descent: a second vector of weights, float64, which starts at the initial ones and which every `every` iterations
 * is advanced to the time of gradient descent, the sum of the step sizes, as float32, of the iterations before.
 *
 * It has an objective and a meter of its own, and its state in the vectors NAME_w, NAME_clock and NAME_sharpness, so that it depends on
 * nothing else that is measured, and the training not on it. Once it is lost, its time is NaN and nothing more is recorded of it.
 */
function besideDescent(
  name: 'flow' | 'central_flow',
  { cell, seed, run, engine, problem, vectors }: Parts,
  { every }: FlowSettings,
  { follow, columns }: { follow: Follow; columns(flow: CentralFlow, loss: number): Record<string, number> },
): Gauge {
  const objective = engine.objective(problem);
  const solver = { ...cell.trajectory.solver, top: 1 };
  const meter = new EigenMeter(objective, solver, { seed, run }, { vectors, prefix: `${name}_` });
  const clock = float64(vectors, `${name}_clock`, 4);
  return ({ iteration, w: descended, lastStepSize }) => {
    clock[DESCENT] += Math.fround(lastStepSize);
    if ((iteration - 1) % every !== 0 || Number.isNaN(clock[FLOW])) return NOTHING;
    if (iteration === 1) vectors.set(`${name}_w`, Float64Array.from(descended));
    const w = float64(vectors, `${name}_w`, objective.size);
    let [products, last] = [0, undefined as ReturnType<typeof measureAt> | undefined];
    const measure = (at: Float64Array) => {
      const measured = measureAt(objective, meter, at, iteration);
      products += measured.products;
      last = measured;
      return measured;
    };
    const gradientOfSharpness = (at: Float64Array, vector: Float64Array) => {
      products += 4;
      return eigenvalueGradient(objective, at, vector).gradient;
    };
    const state = { w, time: clock[FLOW], sharpness: clock[SHARPNESS], variance: clock[VARIANCE] };
    const lossAt = (at: Float64Array) => objective.loss(Float32Array.from(at));
    const tools = { field: descentField(objective), loss: lossAt, measure, gradientOfSharpness };
    const steps = follow(state, clock[DESCENT], lastStepSize, tools);
    const { loss, pair } = Number.isNaN(state.time) ? LOST : (last ?? measure(w));
    if (!Number.isFinite(loss) || !Number.isFinite(pair.value)) {
      clock[FLOW] = Number.NaN;
      return { columns: {}, products };
    }
    state.sharpness = pair.value;
    clock.set([state.time, state.sharpness, state.variance], FLOW);
    let squares = 0;
    for (let i = 0; i < w.length; i++) {
      const distance = w[i] - descended[i];
      squares += distance * distance;
    }
    return {
      columns: {
        [`${name}_loss`]: loss,
        [`${name}_sharpness`]: pair.value,
        [`${name}_sharpness_residual`]: pair.residual,
        [`${name}_sharpness_converged`]: Number(pair.converged),
        [`${name}_distance`]: Math.sqrt(squares),
        [`${name}_steps`]: steps,
        [`${name}_products`]: products,
        ...columns(state, loss),
      },
      products,
    };
  };
}

function measureAt(objective: Parts['objective'], meter: EigenMeter, w: Float64Array, iteration: number) {
  const gradient = new Float32Array(w.length);
  const loss = objective.evaluate(Float32Array.from(w), gradient);
  const [{ largest, vector, products }] = meter.measure((all) => objective.multiply(all), ['all'], iteration);
  return { loss, gradient, pair: largest[0], vector, products };
}
