import { initialize } from '../initialize.ts';
import { layerStepSizes, type Problem, type Trial } from '../problem.ts';
import { layersOf } from './models.ts';

/** Parameters that have a step size of their own, and that of each trial. */
export type Part = { start: number; end: number; stepSizes: readonly number[] };

/** As the reference engine has them: weights and biases of each layer may have step sizes of their own. */
export function partsOf(problem: Pick<Problem, 'network' | 'model' | 'stepFactors'>, trials: readonly Trial[]): Part[] {
  const layers = layersOf(problem.model ?? 'mlp', problem.network);
  const sizes = trials.map((trial) => layerStepSizes(problem, trial));
  let end = 0;
  return layers.flatMap((layer, l) =>
    (['weights', 'biases'] as const).map((what) => {
      const start = end;
      end += layer[what].length;
      return { start, end, stepSizes: sizes.map((of) => of[l][what]) };
    }),
  );
}

/** What a trial starts from. */
export function initialParameters(problem: Problem, trial: Trial): Float32Array {
  const layers = layersOf(problem.model ?? 'mlp', problem.network);
  initialize(problem, trial, layers);
  return Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights, ...biases]));
}
