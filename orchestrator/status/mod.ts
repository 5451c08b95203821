export { askNodes } from './ask-nodes.ts';
export { openClusterStatus } from './cluster.ts';
export { describeDirectory, readDirectoryStatus } from './directory.ts';
export { repeatUntilInterrupted } from './repeat.ts';
