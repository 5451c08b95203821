import { type Search, type SearchCell, type SearchResult, type SearchTask, stepSizesOf } from '../../shared/mod.ts';
import type { Engine, Problem, Trial } from '../engines/mod.ts';
import { trainingProblem } from './network-problem.ts';
import type { Computed, Surroundings } from './surroundings.ts';

/**
 * Algorithm 2 of the thesis (figure 4.1): the step sizes initialStepSize * growth^k, k = 0, 1, ..., each tried on a freshly
 * initialised network for `steps` iterations, until one diverges. The first rung that diverges is the result, or the last one under
 * the ceiling. Rungs are independent, so an engine tries several at once, and what it learns beyond the first that diverges is
 * dropped: result and counts are those of the sequential algorithm.
 */
export function maximalStepSize(
  { cell, run, seed }: SearchTask,
  engine: Engine,
  { folders }: Surroundings,
): Computed<SearchResult> {
  const trainer = engine.prepare(problemOf(cell, seed, run, folders));
  let steps = 0;
  let last: Trial | undefined;
  for (const trials of groups(ladder(cell.search, seed, run), trainer.lanes)) {
    for (const [i, { losses, divergence }] of trainer.train(trials).entries()) {
      last = trials[i];
      steps += losses.length;
      if (divergence !== null) return { result: resultAt(last, steps, 'diverged', divergence) };
    }
  }
  if (last === undefined) throw new RangeError('the initial step size is above the ceiling');
  return { result: resultAt(last, steps, 'ceiling', null) };
}

function resultAt(
  { stepSize, rung }: Trial,
  steps: number,
  end: SearchResult['end'],
  divergence: SearchResult['divergence'],
): SearchResult {
  return { stepSize, rung, trials: rung + 1, steps, end, divergence };
}

/** The rungs up to the ceiling. */
export function* ladder(search: Search, seed: number, run: number): Generator<Trial> {
  let rung = 0;
  for (const stepSize of stepSizesOf(search)) yield { seed, run, rung: rung++, stepSize };
}

/**
 * What is trained on every rung of a run.
 * @param folders data directories
 */
export function problemOf(cell: SearchCell, seed: number, run: number, folders?: readonly string[]): Problem {
  return trainingProblem(cell, cell.search, seed, run, folders);
}

function* groups<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length === size) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
