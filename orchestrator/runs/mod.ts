export { filterRuns, sortRuns } from './choose.ts';
export { type Column, columnNamed, columnsOf, STATE_COLUMNS } from './columns.ts';
export { csvText, parquetFile } from './files.ts';
export { RUN_STATES, type Run, type RunState, readRuns, type SweepRuns } from './read.ts';
export { tasksReport } from './report.ts';
