import { divergedWithin, type GridValue, isOutcomeOf, type Outcome } from '../../../shared/mod.ts';
import { type ExpansionOf, horizonsOf, membersOf, type Stop, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { outline } from '../../report/groups.ts';
import { runsOfCells } from '../../report/runs.ts';
import { type DataSet, emptyDataSet } from './statistics/counts.ts';
import { commonTraining } from './training.ts';

/** The cells of a curve: they have the same values of the keys, at all their step sizes. */
export type Curve = {
  row: GridValue[];
  /** steps within which a training has to diverge */
  steps: number;
  /** what its cells train, see `trainingOf`; undefined where they differ */
  training: string | undefined;
  /** ascending */
  stepSizes: number[];
  /** by run, those without any outcome left out */
  dataSets: DataSet[];
  /** trainings that the sweep asks for at each step size */
  asked: number[];
  /** why there are no more; undefined where their number is fixed */
  stop: Stop | undefined;
};

/**
 * The counts of a sweep, a curve for each combination of the keys' values and each horizon.
 * @param outcomes in any order; those that are not of this sweep are passed over
 * @param keys without the step size
 * @param horizons steps, up to those of the sweep's trainings; default: the sweep's
 * @throws EdgesweepError USAGE for a key that does not exist
 */
export async function collectCurves(
  sweep: SweepNamed<'survival'>,
  expansion: ExpansionOf<'survival'>,
  outcomes: Iterable<Outcome> | AsyncIterable<Outcome>,
  keys: readonly string[],
  horizons: readonly number[] = horizonsOf(sweep),
): Promise<{ curves: Curve[]; done: number }> {
  const { cells } = expansion;
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const places = new Map<object, { group: number; index: number }>();
  const groupsOfCurves = groups.map(({ row, cells: members }, group) => {
    const stepSizes = [...new Set(members.map((cell) => (cell as (typeof cells)[number]).stepSize))].sort(
      (a, b) => a - b,
    );
    const asked = stepSizes.map(() => 0);
    for (const member of members as (typeof cells)[number][]) {
      const index = stepSizes.indexOf(member.stepSize);
      asked[index] += runsOfCells(expansion, [member]).runs * member.survival.initializations;
      places.set(member, { group, index });
    }
    return {
      row,
      training: commonTraining(members),
      stepSizes,
      asked,
      stop: runsOfCells(expansion, members).stop,
      byRun: horizons.map(() => new Map<number, DataSet>()),
    };
  });
  const cellOf = membersOf(expansion);
  let done = 0;
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'survival')) continue;
    const cell = cellOf(outcome.task);
    if (cell === undefined) continue;
    done += 1;
    const { group, index } = places.get(cells[cell])!;
    const { stepSizes, byRun } = groupsOfCurves[group];
    horizons.forEach((steps, h) => {
      let dataSet = byRun[h].get(outcome.task.run);
      if (dataSet === undefined) {
        dataSet = emptyDataSet(stepSizes.length);
        byRun[h].set(outcome.task.run, dataSet);
      }
      dataSet.trained[index] += outcome.result.divergedAt.length;
      dataSet.diverged[index] += divergedWithin(outcome.result, steps);
    });
  }
  const curves = groupsOfCurves.flatMap(({ row, training, stepSizes, asked, stop, byRun }) =>
    horizons.map((steps, h) => ({
      row,
      steps,
      training,
      stepSizes,
      asked,
      stop,
      // the bootstrap draws them by their place, so the order of arrival must not matter
      dataSets: [...byRun[h]].sort(([a], [b]) => a - b).map(([, dataSet]) => dataSet),
    })),
  );
  return { curves, done };
}
