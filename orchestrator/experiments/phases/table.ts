import {
  type GridValue,
  isOutcomeOf,
  type Outcome,
  PHASES,
  type Phase,
  type PhasesResult,
} from '../../../shared/mod.ts';
import { type ExpansionOf, membersOf, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { outline } from '../../report/groups.ts';
import type { TableOptions } from '../../report/mod.ts';
import { runsOfCells } from '../../report/runs.ts';
import { medianOf } from '../../statistics.ts';
import { refuseStatistics } from '../refuse-statistics.ts';

export type PhasesEntry = {
  row: GridValue[];
  runs: number;
  n: number;
  counts: Record<Phase, number>;
  /** medians over the trainings that did not diverge; null of none */
  sharpnessRatio: number | null;
  lossRatio: number | null;
  /** of all trainings */
  sharpness: number | null;
};

export type PhasesTable = {
  name: string;
  title: string;
  source: string | null;
  keys: readonly string[];
  entries: PhasesEntry[];
  tasks: { done: number; total: number };
};

/** @throws EdgesweepError USAGE for a key that does not exist, and for statistics, of which there are none */
export async function phasesTable(
  sweep: SweepNamed<'phases'>,
  expansion: ExpansionOf<'phases'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  { by = [], stat = [] }: TableOptions = {},
): Promise<PhasesTable> {
  refuseStatistics(stat, 'phases');
  const { cells } = expansion;
  const keys = by.length === 0 ? sweep.table.rows : [...new Set(by)];
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const results = groups.map((): PhasesResult[] => []);
  const groupOf = new Map(groups.flatMap((group, i) => group.cells.map((cell) => [cell, i] as const)));
  const cellOf = membersOf(expansion);
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'phases')) continue;
    const index = cellOf(outcome.task);
    if (index !== undefined) results[groupOf.get(cells[index])!].push(outcome.result);
  }
  const { name, title, source = null } = sweep;
  return {
    ...{ name, title, source, keys },
    entries: groups.map((group, i) => ({
      row: group.row,
      runs: runsOfCells(expansion, group.cells).runs,
      ...summaryOf(results[i]),
    })),
    tasks: { done: results.reduce((sum, { length }) => sum + length, 0), total: expansion.tasks },
  };
}

function summaryOf(results: readonly PhasesResult[]): Omit<PhasesEntry, 'row' | 'runs'> {
  const count = (phase: Phase) => results.filter((result) => result.phase === phase).length;
  const median = (values: readonly number[]) => medianOf(values.toSorted((a, b) => a - b));
  return {
    n: results.length,
    counts: Object.fromEntries(PHASES.map((phase) => [phase, count(phase)])) as Record<Phase, number>,
    sharpnessRatio: median(
      results.flatMap(({ sharpness: { first, last } }) => (last === null || first <= 0 ? [] : [last / first])),
    ),
    lossRatio: median(
      results.flatMap(({ loss: { first, last } }) =>
        last === null || first === null || first === 0 ? [] : [last / first],
      ),
    ),
    sharpness: median(results.map(({ sharpness }) => sharpness.first)),
  };
}
