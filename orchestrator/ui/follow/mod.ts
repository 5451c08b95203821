export { FollowedSweep, idOf } from './followed.ts';
export type { SweepModel } from './model.ts';
export { Summaries } from './summary.ts';
