import type { Cell } from '../../shared/mod.ts';
import { examplesOf } from '../data/mod.ts';
import type { Examples, Network } from '../engines/mod.ts';

/**
 * The network of a cell, and the examples of a run: what every experiment trains.
 * @param folders data directories
 */
export function networkProblem(
  { dataset, depth, width, activation, initialization, data }: Cell,
  seed: number,
  run: number,
  folders: readonly string[],
): { network: Network; examples: Examples } {
  // per-cell: the data of run 0 serve all runs
  const examples = examplesOf(dataset, seed, data.draw === 'per-cell' ? 0 : run, folders);
  const { inputs, outputs } = examples;
  return { network: { inputs, width, outputs, depth, activation, initialization }, examples };
}
