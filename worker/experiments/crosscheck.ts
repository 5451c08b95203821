import type { SearchTask, SweepEngine } from '../../shared/mod.ts';
import { type Engine, loadEngine, type Problem, type Training, type Trial } from '../engines/mod.ts';
import { ladder, problemOf } from './search.ts';

/** Losses are compared up to here: beyond, a training is on its way to diverge, and every rounding grows with it. */
const LARGEST_LOSS = 1e6;

/**
 * Near the maximal step size trainings are chaotic: what rounding leaves grows from step to step until two correct engines have nothing
 * in common. So each training is repeated with every input moved by a few units in its last place, several ways, and with the
 * step size moved so, and is compared only as long as all of these, on one engine, agree so well. Ten times what is moved, and
 * hundreds of times less than the disagreement that is called one: an activation whose last bit differs can change the slope of a
 * saturated unit by a thousandth.
 */
const REPRODUCIBLE = 3e-6;
const MOVED = 2 ** -21;
/**
 * Where a loss falls so many times in one step, what is left is the small rest of outputs ten times as large that cancelled, and it has
 * their rounding, which moved inputs do not show where the units are saturated. In Table 4.2, sigmoid, a loss falls from 45914 to 138,
 * and two engines 8e-7 apart are 1.1e-3 apart then; one trained in float64 is 3e-4 and 8e-4 from them.
 */
const LARGEST_FALL = 100;

/** What two engines say of one task. */
export type Comparison = {
  /** the rung at which the search of each ended */
  rungs: [number, number];
  /** how many rungs each way of perturbing makes on one engine: how much of a difference is the task's own */
  own: number[];
  /** whether the trainings on which they disagree that they diverge were reproducible to the end */
  reproducible: boolean;
  /** largest relative difference of two losses of the same rung and iteration that can be compared */
  difference: number;
  /** where that was; null where there is none */
  at: { rung: number; iteration: number } | null;
  /** how many iterations could be compared, and how many both computed */
  compared: number;
  computed: number;
};

export type EnginePair = readonly [SweepEngine, SweepEngine];

/** Runs the search of a task on both engines, each to the end that it finds. */
export async function crosscheck(task: SearchTask, engines: EnginePair, data: readonly string[]): Promise<Comparison> {
  const problem = problemOf(task.cell, task.seed, task.run, data);
  const trials = [...ladder(task.cell.search, task.seed, task.run)];
  const [first, second] = await Promise.all(engines.map(loadEngine));
  const one = search(first, problem, trials);
  const other = search(second, problem, trials);
  // the engine that takes several trials at once is the fast one
  const [fast, itself] = first.lanes >= second.lanes ? [first, one] : [second, other];
  const rungs = Math.min(one.length, other.length);
  const controls = [
    ...WAYS.map((way) => ({ problem: { ...problem, examples: moved(problem.examples, way) }, trials })),
    ...STEP_SIZES.map((factor) => ({ problem, trials: trials.map((trial) => scaled(trial, factor)) })),
  ].map((control) => ({
    rung: search(fast, control.problem, control.trials).length - 1,
    trainings: fast.prepare(control.problem).trainAll(control.trials.slice(0, rungs)),
  }));
  const comparison: Comparison = {
    rungs: [one.length - 1, other.length - 1],
    own: controls.map(({ rung }) => Math.abs(rung - (itself.length - 1))),
    reproducible: true,
    difference: 0,
    at: null,
    compared: 0,
    computed: 0,
  };
  for (let rung = 0; rung < rungs; rung++) {
    const until = Math.min(...controls.map(({ trainings }) => reproducibleUntil(itself[rung], trainings[rung])));
    compare(comparison, rung, one[rung], other[rung], until);
    const parted = (one[rung].divergence === null) !== (other[rung].divergence === null);
    if (parted && until < Number.POSITIVE_INFINITY) comparison.reproducible = false;
  }
  return comparison;
}

/** The trainings of the rungs, up to the first that diverges. */
function search(engine: Engine, problem: Problem, trials: readonly Trial[]): Training[] {
  const trainer = engine.prepare(problem);
  const done: Training[] = [];
  while (done.length < trials.length && !done.at(-1)?.divergence) {
    done.push(...trainer.train(trials.slice(done.length, done.length + trainer.lanes)));
  }
  return done;
}

/** Which inputs become larger and which smaller, without a pattern, by the multiples of a number. */
type Way = { multiplesOf: number; by: number };

/** Each way and its opposite: a unit that is about to switch may be pushed over its kink by one of the two alone. */
const WAYS: Way[] = [Math.sqrt(5), Math.SQRT2].flatMap((multiplesOf) => [
  { multiplesOf, by: MOVED },
  { multiplesOf, by: -MOVED },
]);

/**
 * Moved inputs change the last places of the first steps alone, and very large steps round them away. Another step size rounds the update of
 * every weight in every step anew, as another order of sums does.
 */
const STEP_SIZES = [1 + MOVED, 1 - MOVED];
const scaled = (trial: Trial, factor: number): Trial => ({ ...trial, stepSize: trial.stepSize * factor });

/** Every input a little larger or smaller. */
function moved(examples: Problem['examples'], { multiplesOf, by }: Way): Problem['examples'] {
  const x = examples.x.map((value, i) => value * (1 + ((i * multiplesOf) % 1 < 0.5 ? by : -by)));
  return { ...examples, x };
}

/** The first iteration, from 0, in which the two cannot be told to be the same training; infinite where there is none. */
function reproducibleUntil(training: Training, control: Training): number {
  const count = Math.min(training.losses.length, control.losses.length);
  for (let t = 0; t < count; t++) {
    const [a, b] = [training.losses[t], control.losses[t]];
    if (!Object.is(a, b) && relativeDifference(a, b) > REPRODUCIBLE) return t;
  }
  return training.losses.length === control.losses.length ? Number.POSITIVE_INFINITY : count;
}

function compare(comparison: Comparison, rung: number, one: Training, other: Training, until: number): void {
  const computed = Math.min(one.losses.length, other.losses.length);
  comparison.computed += computed;
  for (let t = 0; t < Math.min(computed, until); t++) {
    const [a, b] = [one.losses[t], other.losses[t]];
    if (!(a <= LARGEST_LOSS || b <= LARGEST_LOSS)) return;
    if (t > 0 && LARGEST_FALL * a < one.losses[t - 1]) return;
    comparison.compared += 1;
    const difference = relativeDifference(a, b);
    if (difference > comparison.difference) {
      comparison.difference = difference;
      comparison.at = { rung, iteration: t + 1 };
    }
  }
}

/** Relative to the larger; of a number and none it is infinite. */
function relativeDifference(a: number, b: number): number {
  if (a === b) return 0;
  const difference = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
