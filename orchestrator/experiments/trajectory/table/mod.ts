import type { Report } from '../../../report/mod.ts';
import { layOutTrajectories, trajectoryCsv, trajectoryJson } from './render.ts';
import type { TrajectoryTable } from './table.ts';

export { type TrajectoryTable, trajectoryTable } from './table.ts';

/** The table for every format. */
export const trajectoryReport = (table: TrajectoryTable): Report => ({
  layout: () => layOutTrajectories(table),
  csv: () => trajectoryCsv(table),
  json: () => trajectoryJson(table),
});
