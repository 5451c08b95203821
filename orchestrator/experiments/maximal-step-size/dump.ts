import { EdgesweepError, type Search, softwareVersion } from '../../../shared/mod.ts';
import { expand, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { engineOf, initialize, ladder, layersOf, problemOf, shuffle } from '../../../worker/mod.ts';
import { type Choice, type DumpFile, dataFiles, encodeNpy, jsonFile, layerFiles } from '../../dump/mod.ts';
import type { Dump } from '../view.ts';

export const searchDump: Dump<'maximal-step-size'> = {
  options: { rung: 'a rung of a search' },
  suffix: ({ rung = 0 }) => `-rung${rung}`,
  files: searchFiles,
};

type Trial = ReturnType<typeof ladder> extends Generator<infer T> ? T : never;

/**
 * One trial of a search: X.npy (examples x inputs), Y.npy (examples x outputs), the initial parameters, losses.npy (of each iteration,
 * from before its update, up to the divergence), where batches are shuffled order.npy (passes x examples, the indices of the examples),
 * and trial.json. The losses are the reference engine's, which are every engine's.
 *
 * @throws EdgesweepError USAGE for a rung that does not exist; what is wrong with the data
 */
function* searchFiles(
  sweep: SearchSweep,
  { cell: index, run, rung = 0 }: Choice,
  folders: readonly string[],
): Generator<DumpFile> {
  const expansion = expand(sweep);
  const cell = expansion.cells[index];
  const trial = trialAt(cell.search, sweep.seed, run, rung);
  const problem = problemOf(cell, sweep.seed, run, folders);
  const { network, examples, batchSize, iterations } = problem;
  const layers = layersOf(problem.model ?? 'mlp', network);
  initialize(problem, trial, layers);
  const [{ losses, divergence }] = engineOf('reference').prepare(problem).train([trial]);

  yield* dataFiles(examples);
  yield* layerFiles(layers);
  yield ['losses.npy', encodeNpy(losses, [losses.length])];
  if (batchSize < examples.count) {
    // all passes, also those after the divergence: elsewhere it may come some iterations later
    const passes = Math.ceil(iterations / Math.ceil(examples.count / batchSize));
    const order = new Int32Array(passes * examples.count);
    for (let pass = 0; pass < passes; pass++) {
      shuffle(order.subarray(pass * examples.count, (pass + 1) * examples.count), trial, pass);
    }
    yield ['order.npy', encodeNpy(order, [passes, examples.count])];
  }
  yield jsonFile('trial.json', {
    sweep: sweep.name,
    cell: index,
    run,
    rung,
    seed: sweep.seed,
    stepSize: trial.stepSize,
    /** what the engines compute with */
    stepSizeFloat32: Math.fround(trial.stepSize),
    activation: network.activation,
    depth: network.depth,
    ...(problem.model && { model: problem.model }),
    loss: problem.loss ?? 'mse',
    optimizer: problem.optimizer ?? { kind: 'sgd' },
    batchSize,
    iterations,
    lossAbove: cell.search.criterion?.lossAbove ?? null,
    divergence,
    task: expansion.task(index, run),
    version: softwareVersion(),
  });
}

function trialAt(search: Search, seed: number, run: number, rung: number): Trial {
  let last = -1;
  for (const trial of ladder(search, seed, run)) {
    if (trial.rung === rung) return trial;
    last = trial.rung;
  }
  const { initialStepSize, growth, ceiling } = search;
  throw new EdgesweepError('USAGE', `no rung ${rung}`, {
    expected: `a rung from 0 to ${last}: step sizes ${initialStepSize} * ${growth}^rung, up to the ceiling ${ceiling}`,
    got: `${rung}`,
    fix: 'choose a lower rung, or raise the ceiling with `--set search.ceiling=...`',
  });
}
