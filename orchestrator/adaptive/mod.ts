import type { Outcome } from '../../shared/mod.ts';
import { type Expansion, isAdaptive, membersOf, type Sweep } from '../../shared/sweep/mod.ts';
import { adaptiveOf } from '../experiments/adaptives.ts';
import { Growth } from './growth.ts';

export type { Growth } from './growth.ts';

/** Decides how many runs each cell gets; undefined for a sweep whose runs are fixed. */
export function growthOf(sweep: Sweep, expansion: Expansion): Growth | undefined {
  const adaptive = adaptiveOf(sweep.experiment);
  return adaptive === undefined || !isAdaptive(sweep.runs) ? undefined : new Growth(sweep, expansion, adaptive);
}

/**
 * The runs that count.
 * @returns the expansion with the runs that each cell gets as far as that is decided, and the outcomes of these; of a sweep whose runs are
 * fixed both as they are
 */
export async function settle<E extends Expansion>(
  sweep: Sweep,
  expansion: E,
  outcomes: AsyncIterable<Outcome> | Iterable<Outcome>,
): Promise<{ expansion: E; outcomes: AsyncIterable<Outcome> | Iterable<Outcome> }> {
  const growth = growthOf(sweep, expansion);
  if (growth === undefined) return { expansion, outcomes };
  const cellOf = membersOf(expansion);
  const all: Outcome[] = [];
  for await (const outcome of outcomes) {
    if (cellOf(outcome.task) === undefined) continue;
    all.push(outcome);
    growth.add(outcome);
  }
  growth.grow();
  return {
    expansion: withRuns(expansion, growth),
    outcomes: all.filter(({ task }) => task.run < growth.wanted(cellOf(task)!)),
  };
}

const withRuns = <E extends Expansion>(expansion: E, growth: Growth): E => ({
  ...expansion,
  runsOf: growth.wanted,
  stopOf: growth.stop,
  tasks: expansion.cells.reduce((sum, _, index) => sum + growth.wanted(index), 0),
});
