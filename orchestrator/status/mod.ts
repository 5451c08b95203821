export { askNodes } from './ask-nodes.ts';
export { openClusterStatus, REFUSED_WHY, readSweepStatus } from './cluster.ts';
export { describeDirectory, readDirectoryStatus } from './directory.ts';
export { type Pace, PaceMeter } from './rate.ts';
export { repeatUntilInterrupted } from './repeat.ts';
