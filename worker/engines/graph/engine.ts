import type { EngineName } from '../../../shared/mod.ts';
import type { Engine } from '../engine.ts';
import type { Objective } from '../objective.ts';
import type { FullBatch } from '../problem.ts';
import { Executor, type MakeMachine } from './executor.ts';
import type { GraphProblem } from './losses.ts';
import { QUAD } from './operations.ts';
import { lanesOf } from './together.ts';
import { prepareAlone, prepareTogether } from './trainer.ts';

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
  const executorOf = (problem: FullBatch): Executor | undefined => {
    const graph = graphOf(problem);
    return graph && new Executor(machine(problem), graph, problem.examples.count);
  };
  return {
    ...engine,
    prepare(problem) {
      const graph = graphOf(problem);
      if (graph === undefined) return engine.prepare(problem);
      // an engine that takes one trial at a time defines what the others do with several
      const prepare = engine.lanes > 1 && lanesOf(problem.batchSize) < QUAD ? prepareTogether : prepareAlone;
      return prepare(engine.name, machine(problem), graph, problem);
    },
    objective(problem) {
      const executor = executorOf(problem);
      if (executor === undefined) return engine.objective(problem);
      executor.load(problem.examples);
      return objectiveOf(executor);
    },
    batchObjective(problem) {
      const { examples } = problem;
      const executor = executorOf(problem);
      if (executor === undefined) return engine.batchObjective(problem);
      return { ...objectiveOf(executor), select: (rows) => executor.load(examples, rows) };
    },
  };
}

/** Undefined for a perceptron. */
function graphOf({ network, model = 'mlp', loss = 'mse' }: FullBatch): GraphProblem | undefined {
  return model === 'mlp' ? undefined : { network, model, loss };
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
