import { softwareVersion } from '../../../shared/mod.ts';
import { expand, type MapSweep } from '../../../shared/sweep/mod.ts';
import { engineOf, initialize, layerStepSizes, layersOf, pointsOf, trainingProblem } from '../../../worker/mod.ts';
import { type Choice, type DumpFile, dataFiles, encodeNpy, jsonFile, layerFiles } from '../../dump/mod.ts';
import type { Dump } from '../view.ts';

export const mapDump: Dump<'map'> = { options: {}, suffix: () => '', files: mapFiles };

/**
 * A block of a map: X.npy and Y.npy, the initial parameters of all its points, step-sizes.npy (points x layers x 2: of the weights and of
 * the biases, as the engines compute with them), divergence.npy (points, int32: the iteration, 0 for none), losses.npy (points x
 * iterations, NaN after a divergence) and map.json. Every engine gives these losses.
 *
 * @throws EdgesweepError what is wrong with the data
 */
function* mapFiles(sweep: MapSweep, { cell: index, run }: Choice, folders: readonly string[]): Generator<DumpFile> {
  const expansion = expand(sweep);
  const cell = expansion.cells[index];
  const { seed } = sweep;
  const problem = trainingProblem(cell, cell.map, seed, run, folders);
  const { network, examples, iterations, batchSize } = problem;
  const points = pointsOf(cell);
  const trials = points.map(({ layers }) => ({ seed, run, rung: 0, stepSize: 1, layers }));
  const layers = layersOf(problem.model ?? 'mlp', network);
  initialize(problem, trials[0], layers);
  const trainings = engineOf('auto').prepare(problem).trainAll(trials);
  const losses = new Float32Array(points.length * iterations).fill(Number.NaN);
  trainings.forEach((training, i) => {
    losses.set(training.losses, i * iterations);
  });
  const stepSizes = trials.flatMap((trial) =>
    layerStepSizes(problem, trial).flatMap(({ weights, biases }) => [weights, biases]),
  );

  yield* dataFiles(examples);
  yield* layerFiles(layers);
  yield ['step-sizes.npy', encodeNpy(Float32Array.from(stepSizes), [points.length, network.depth, 2])];
  yield ['losses.npy', encodeNpy(losses, [points.length, iterations])];
  const divergence = Int32Array.from(trainings, (training) => training.divergence?.iteration ?? 0);
  yield ['divergence.npy', encodeNpy(divergence, [points.length])];
  yield jsonFile('map.json', {
    sweep: sweep.name,
    cell: index,
    run,
    seed,
    activation: network.activation,
    depth: network.depth,
    ...(problem.model && { model: problem.model }),
    iterations,
    batchSize,
    examples: examples.count,
    lossAbove: cell.map.criterion?.lossAbove ?? null,
    task: expansion.task(index, run),
    version: softwareVersion(),
  });
}
