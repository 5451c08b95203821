import type { EngineName } from '../../../shared/mod.ts';
import { divergenceKind, type Trainer, type Training } from '../engine.ts';
import { batchesOf } from '../order.ts';
import type { Problem, Trial } from '../problem.ts';
import { updateOf } from '../reference/optimizers.ts';
import { rulesOf } from '../rules.ts';
import { Executor, type MakeMachine } from './executor.ts';
import type { GraphProblem } from './losses.ts';
import { initialParameters, partsOf } from './parameters.ts';
import { lanesOf, Together } from './together.ts';

/** Trains one network after the other: the lanes are examples. */
export function prepareAlone(engine: EngineName, make: MakeMachine, graph: GraphProblem, problem: Problem): Trainer {
  const rules = rulesOf(engine, problem);
  const { batchSize, examples, iterations, lossLimit } = problem;
  const executor = new Executor(make, graph, batchSize);
  if (batchSize === examples.count) executor.load(examples);

  function trainOne(trial: Trial): Training {
    const w = initialParameters(problem, trial);
    const [gradient, velocities] = [new Float32Array(w.length), new Float32Array(w.length)];
    const parts = partsOf(problem, [trial]).map(({ start, end, stepSizes: [stepSize] }) => ({
      start,
      end,
      update: updateOf(rules, stepSize),
    }));
    const batchAt = batchSize < examples.count ? batchesOf(examples.count, batchSize, trial) : undefined;
    const losses = new Float32Array(iterations);
    for (let t = 0; t < iterations; t++) {
      if (batchAt !== undefined) executor.load(examples, batchAt(t));
      const loss = executor.evaluate(w, gradient);
      losses[t] = loss;
      if (!(loss <= lossLimit)) return diverged(losses, t);
      for (const { start, end, update } of parts) {
        for (let k = start; k < end; k++) update(w, velocities, k, gradient[k]);
      }
    }
    return { losses, divergence: null };
  }

  return {
    lanes: 1,
    train(trials) {
      const trainings: Training[] = [];
      for (const trial of trials) {
        trainings.push(trainOne(trial));
        if (trainings.at(-1)?.divergence) break;
      }
      return trainings;
    },
    trainAll: (trials) => trials.map(trainOne),
  };
}

/** Trains as many networks side by side as their batches leave room for. */
export function prepareTogether(engine: EngineName, make: MakeMachine, graph: GraphProblem, problem: Problem): Trainer {
  const rules = rulesOf(engine, problem);
  const { examples, batchSize, iterations, lossLimit } = problem;
  const together = new Together(make, graph, lanesOf(batchSize), rules);
  const all = Int32Array.from({ length: examples.count }, (_, i) => i);
  // few networks need it
  let executor: Executor | undefined;

  /** As a network by itself has it, padding included. */
  function correct(k: number, rows: Int32Array): void {
    executor ??= new Executor(make, graph, batchSize);
    const w = together.parametersOf(k);
    const gradient = new Float32Array(w.length);
    executor.load(examples, rows);
    executor.evaluate(w, gradient);
    together.setGradient(k, gradient);
  }

  /** @returns in a search, those up to the first that diverged */
  function trainGroup(trials: readonly Trial[], isSearch: boolean): Training[] {
    const batches = trials.map((trial) =>
      batchSize < examples.count ? batchesOf(examples.count, batchSize, trial) : () => all,
    );
    const losses = trials.map(() => new Float32Array(iterations));
    const trainings: Training[] = losses.map((of) => ({ losses: of, divergence: null }));
    together.begin(problem, trials);
    // those that the result may still depend on
    let open = [...trials.keys()];
    for (let t = 0; t < iterations && open.length > 0; t++) {
      const rows = batches.map((at) => at(t));
      if (t === 0 || batchSize < examples.count) {
        for (let k = 0; k < together.networks; k++) together.load(k, examples, rows[Math.min(k, rows.length - 1)]);
      }
      together.evaluate();
      for (const k of open) {
        losses[k][t] = together.loss(k);
        if (!(losses[k][t] <= lossLimit)) trainings[k] = diverged(losses[k], t);
      }
      const first = trainings.findIndex(({ divergence }) => divergence !== null);
      const most = isSearch && first >= 0 ? first : trials.length;
      open = open.filter((k) => k < most && trainings[k].divergence === null);
      for (const k of open) if (!together.isFinite(k)) correct(k, rows[k]);
      together.descend();
    }
    const end = trainings.findIndex(({ divergence }) => divergence !== null);
    return isSearch && end >= 0 ? trainings.slice(0, end + 1) : trainings;
  }

  return {
    lanes: together.networks,
    train(trials) {
      const trainings: Training[] = [];
      for (let i = 0; i < trials.length && !trainings.at(-1)?.divergence; i += together.networks) {
        trainings.push(...trainGroup(trials.slice(i, i + together.networks), true));
      }
      return trainings;
    },
    trainAll(trials) {
      const trainings: Training[] = [];
      for (let i = 0; i < trials.length; i += together.networks) {
        trainings.push(...trainGroup(trials.slice(i, i + together.networks), false));
      }
      return trainings;
    },
  };
}

/** Up to iteration t, from 0, whose loss is too large. */
const diverged = (losses: Float32Array, t: number): Training => ({
  losses: losses.subarray(0, t + 1),
  divergence: { iteration: t + 1, kind: divergenceKind(losses[t]) },
});
