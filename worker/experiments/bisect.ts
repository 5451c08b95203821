import { type BisectResult, scanStepSizes, type TaskOf } from '../../shared/mod.ts';
import type { Engine } from '../engines/mod.ts';
import { trainingProblem } from './network-problem.ts';
import type { Computed, Surroundings } from './surroundings.ts';

/** Halves the distance between a step size at which the training of run r survives and one at which it diverges. */
export function bisect(
  { cell, run, seed }: TaskOf<'bisect'>,
  engine: Engine,
  { folders }: Surroundings,
): Computed<BisectResult> {
  const { low, high, halvings, scan } = cell.bisect;
  const trainer = engine.prepare(trainingProblem(cell, cell.bisect, seed, run, folders));
  const divergedAt = (stepSizes: readonly number[]) =>
    trainer
      .trainAll(stepSizes.map((stepSize) => ({ seed, run, rung: 0, stepSize })))
      .map(({ divergence }) => divergence?.iteration ?? 0);
  const scanned = divergedAt(scanStepSizes(cell.bisect));
  const kept = scan === 0 ? [] : scanned;
  if (scanned[0] > 0) return { result: { end: 'always', low, high, scan: kept } };
  if (scanned[scanned.length - 1] === 0) return { result: { end: 'never', low, high, scan: kept } };
  const [from, to] = halve(low, high, halvings, Math.floor(Math.log2(trainer.lanes + 1)), divergedAt);
  return { result: { end: 'found', low: from, high: to, scan: kept } };
}

/**
 * Bisection, some halvings at a time: all step sizes that these may come to are trained together, for the price of one in the lanes of
 * an engine, and the path among them is that of one halving after the other.
 */
function halve(
  low: number,
  high: number,
  halvings: number,
  together: number,
  divergedAt: (stepSizes: readonly number[]) => number[],
): [number, number] {
  let [from, to] = [low, high];
  for (let left = halvings; left > 0; ) {
    const levels = Math.min(left, Math.max(1, together));
    const stepSizes = scanStepSizes({ low: from, high: to, scan: 2 ** levels });
    const verdicts = divergedAt(stepSizes.slice(1, -1));
    let [first, last] = [0, stepSizes.length - 1];
    while (last - first > 1) {
      const middle = (first + last) / 2;
      if (verdicts[middle - 1] > 0) last = middle;
      else first = middle;
    }
    [from, to] = [stepSizes[first], stepSizes[last]];
    left -= levels;
  }
  return [from, to];
}
