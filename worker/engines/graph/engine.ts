import type { EngineName } from '../../../shared/mod.ts';
import type { Engine } from '../engine.ts';
import type { Objective } from '../objective.ts';
import type { FullBatch } from '../problem.ts';
import { Executor, type MakeMachine } from './executor.ts';
import { prepareTrainer } from './trainer.ts';

/**
 * An engine that also has the networks that are graphs, on its interpreter of programs. It changes nothing else of the engine.
 *
 * @param machine of a problem of its own
 */
export function withGraphs(
  engine: Engine & { name: EngineName },
  machine: (problem: FullBatch) => MakeMachine,
): Engine {
  /** @throws EdgesweepError NETWORK_TOO_LARGE; undefined for a perceptron */
  const executorOf = (problem: FullBatch, most: number): Executor | undefined => {
    const { network, model = 'mlp', loss = 'mse' } = problem;
    return model === 'mlp' ? undefined : new Executor(machine(problem), { network, model, loss }, most);
  };
  return {
    ...engine,
    prepare(problem) {
      const executor = executorOf(problem, problem.batchSize);
      return executor === undefined ? engine.prepare(problem) : prepareTrainer(engine.name, executor, problem);
    },
    objective(problem) {
      const { examples } = problem;
      const executor = executorOf(problem, examples.count);
      if (executor === undefined) return engine.objective(problem);
      executor.load(examples);
      return objectiveOf(executor);
    },
    batchObjective(problem) {
      const { examples } = problem;
      const executor = executorOf(problem, examples.count);
      if (executor === undefined) return engine.batchObjective(problem);
      return { ...objectiveOf(executor), select: (rows) => executor.load(examples, rows) };
    },
  };
}

/** Its functions may be used by themselves. */
function objectiveOf(executor: Executor): Objective {
  const { blocks, size } = executor;
  return {
    blocks,
    size,
    loss: (w) => executor.loss(w),
    evaluate: (w, gradient) => executor.evaluate(w, gradient),
    multiply: (directions) => executor.multiply(directions),
    outputs: (target) => executor.outputs(target),
  };
}
