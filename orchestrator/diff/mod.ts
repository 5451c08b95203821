export { readDiff } from './read.ts';
export { diffReport } from './report.ts';
