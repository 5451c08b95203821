import type { Report } from '../../../report/mod.ts';
import { layOutTrajectories, trajectoryJson, trajectoryRecords } from './render.ts';
import type { TrajectoryTable } from './table.ts';

export { type TrajectoryTable, trajectoryTable } from './table.ts';

/** The table for every format. */
export const trajectoryReport = (table: TrajectoryTable): Report => ({
  layout: () => layOutTrajectories(table),
  records: () => trajectoryRecords(table),
  json: () => trajectoryJson(table),
});
