import type { Cell, SearchCell, SurvivalCell } from '../../../shared/mod.ts';

/** A text that is the same for cells that train the same networks on the same data, by whatever step sizes and for however long. */
export function trainingOf(cell: SurvivalCell | SearchCell): string {
  const { survival, search, stepSize, ...rest } = cell as Partial<SurvivalCell & SearchCell>;
  const { criterion = null } = (survival ?? search)!;
  return JSON.stringify(Object.entries({ ...rest, criterion }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What all these cells train; undefined where they differ. */
export function commonTraining(cells: readonly Cell[]): string | undefined {
  const trainings = new Set(cells.map((cell) => trainingOf(cell as SurvivalCell)));
  return trainings.size === 1 ? [...trainings][0] : undefined;
}
