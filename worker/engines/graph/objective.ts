import type { Objective } from '../objective.ts';
import type { FullBatch } from '../problem.ts';
import { Executor, type MakeMachine } from './executor.ts';

/** Of a network that is a graph on the machine of an engine; another one has the objective that is given. @throws EdgesweepError NETWORK_TOO_LARGE */
export function objectiveOf(
  make: (problem: FullBatch) => MakeMachine,
  ofPerceptron: (problem: FullBatch) => Objective,
): (problem: FullBatch) => Objective {
  return (problem) => {
    const { network, examples, model = 'mlp', loss = 'mse' } = problem;
    if (model === 'mlp') return ofPerceptron(problem);
    const executor = new Executor(make(problem), { network, model, loss }, examples.count);
    executor.load(examples);
    return executor;
  };
}
