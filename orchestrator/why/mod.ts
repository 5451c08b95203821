export { describeRecord, describeTask, describeTrace } from './describe.ts';
export { findInDirectories, type TaskRecord } from './find.ts';
