import {
  ACTIVATIONS,
  INITIALIZATIONS,
  NUMERICS,
  type Search,
  type SearchCell,
  type SearchTask,
  searchCellSchema,
  taskId,
} from '../../shared/mod.ts';

type Choice = Partial<Omit<SearchCell, 'data' | 'search'>> & {
  examples?: number;
  dimensions?: number;
  outputs?: number;
  draw?: SearchCell['data']['draw'];
  search?: Partial<Search>;
  run?: number;
  seed?: number;
};

/** A task that takes milliseconds; what a choice leaves out is a small tanh network on the whole data each step. */
export function taskOf({
  examples = 20,
  dimensions = 4,
  outputs = 4,
  dataset = { kind: 'synthetic', examples, dimensions, outputs },
  draw = 'per-run',
  search,
  run = 0,
  seed = 0,
  ...rest
}: Choice): SearchTask {
  const cell = searchCellSchema().parse({
    activation: 'tanh',
    depth: 3,
    width: 5,
    batchSize: 'full',
    initialization: 'pytorch-default',
    ...rest,
    dataset,
    data: { draw },
    search: { initialStepSize: 0.1, growth: 1.05, steps: 50, ceiling: 1e4, ...search },
  });
  const task = { experiment: 'maximal-step-size' as const, cell, run, seed, numerics: NUMERICS };
  return { id: taskId(task), ...task };
}

/** What the golden outcomes are of: every activation, initialisation, batch size and end of a search, each in a few places. */
export const TASKS: readonly SearchTask[] = [
  ...ACTIVATIONS.map((activation) => ({ activation })),
  ...ACTIVATIONS.map((activation) => ({
    activation,
    batchSize: 1,
    run: 1,
    search: { initialStepSize: 0.01, steps: 30 },
  })),
  ...INITIALIZATIONS.map((initialization) => ({ initialization, activation: 'relu' as const, seed: 2 ** 40 + 1 })),
  { batchSize: 7, examples: 23, search: { steps: 20 } },
  { batchSize: 1, examples: 3, search: { steps: 1100, growth: 1.3 } },
  { draw: 'per-cell' as const, run: 3 },
  { depth: 1, dimensions: 6, outputs: 2, activation: 'linear' as const },
  { depth: 9, width: 11, outputs: 1, activation: 'gelu' as const, run: 2, search: { growth: 1.2 } },
  { dimensions: 9, outputs: 3, width: 1, activation: 'elu' as const, seed: 5 },
  // more examples than pass through the layers at once
  { examples: 150, width: 20, depth: 4, activation: 'softplus' as const, search: { growth: 1.3, steps: 12 } },
  { search: { criterion: { lossAbove: 30 } } },
  { batchSize: 5, activation: 'sigmoid' as const, search: { criterion: { lossAbove: 1e6 }, growth: 1.2 } },
  // ends at the ceiling
  { activation: 'sigmoid' as const, search: { ceiling: 0.3 } },
  // diverges on the first rung
  { activation: 'linear' as const, search: { initialStepSize: 1e3 } },
].map(taskOf);
