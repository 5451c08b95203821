export { askNodes } from './ask-nodes.ts';
export { openClusterStatus, readSweepStatus } from './cluster.ts';
export { describeDirectory, readDirectoryStatus } from './directory.ts';
export { type Pace, PaceMeter } from './rate.ts';
export { repeatUntilInterrupted } from './repeat.ts';
