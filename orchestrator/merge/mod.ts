export { type Merged, type MergeOptions, mergeDirectories } from './merge.ts';
export { Interrupted } from './outcomes.ts';
