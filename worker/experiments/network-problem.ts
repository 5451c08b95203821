import { layerFactors, type NetworkCell, type SearchCell, testSetOf, vocabularyOf } from '../../shared/mod.ts';
import { examplesOf, testExamplesOf } from '../data/mod.ts';
import { type Examples, type FullBatch, LARGEST_FLOAT32, layerShapes, type Problem } from '../engines/mod.ts';
import { reduceToRowSpace } from './row-space.ts';

/**
 * The network of a cell, and the examples of a run: what every experiment trains. With those to test on, where the cell has a test set.
 * @param folders data directories
 */
export function networkProblem(
  cell: NetworkCell & Pick<SearchCell, 'data' | 'model'>,
  seed: number,
  run: number,
  folders: readonly string[] = [],
): FullBatch & { testExamples: Examples | undefined } {
  const { dataset, depth, width, activation, initialization, data, model } = cell;
  // per-cell: the data of run 0 serve all runs
  const draw = data.draw === 'per-cell' ? 0 : run;
  const examples = examplesOf(dataset, seed, draw, folders);
  const test = testSetOf(cell);
  const testExamples = test && testExamplesOf(dataset, test, seed, draw, folders);
  const { inputs, outputs } = examples;
  const vocabulary = vocabularyOf(dataset);
  const network = {
    inputs,
    width,
    outputs,
    depth,
    activation,
    initialization,
    ...(vocabulary !== undefined && { vocabulary }),
  };
  return { network, examples, model, testExamples };
}

/**
 * What experiments train to see whether it diverges.
 * @param settings how long, and what counts as a divergence
 * @param folders data directories
 */
export function trainingProblem(
  cell: Omit<SearchCell, 'search'>,
  { steps, criterion }: Pick<SearchCell['search'], 'steps' | 'criterion'>,
  seed: number,
  run: number,
  folders?: readonly string[],
): Problem {
  const { dataset, batchSize, data, loss, optimizer } = cell;
  const { network, examples, model } = networkProblem(cell, seed, run, folders);
  const problem: Problem = {
    network,
    examples,
    batchSize: batchSize === 'full' ? dataset.examples : batchSize,
    iterations: steps,
    lossLimit: Math.min(criterion?.lossAbove ?? LARGEST_FLOAT32, LARGEST_FLOAT32),
    ...(model !== undefined && { model }),
    ...(loss !== undefined && { loss }),
    ...(optimizer !== undefined && { optimizer }),
  };
  const factored = withFactors(problem, cell);
  if (data.reduce === undefined) return factored;
  const reduced = reduceToRowSpace(examples);
  return { ...factored, network: { ...factored.network, inputs: reduced.examples.inputs }, ...reduced };
}

/** With the multipliers of the layers, where the cell has any. Those of a reduced problem are of the network before the reduction. */
function withFactors(problem: Problem, { parametrization, layers }: Omit<SearchCell, 'search'>): Problem {
  if (parametrization === undefined && layers === undefined) return problem;
  const factors = layerFactors(layerShapes(problem.network), parametrization, layers);
  return {
    ...problem,
    network: { ...problem.network, initialFactors: factors.map(({ initialScales }) => initialScales) },
    stepFactors: factors.map(({ stepSizes }) => stepSizes),
  };
}
