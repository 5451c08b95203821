export { layOutTrajectories, trajectoryCsv, trajectoryJson } from './render.ts';
export { type TrajectoryTable, trajectoryTable } from './table.ts';
