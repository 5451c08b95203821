export { findBuckets, listSweeps } from './buckets.ts';
export { CHANGES, type ChangeName, sayCounts } from './changes.ts';
export { forgetFailures, sweepsWithFailures } from './failures.ts';
export { findSweep, type Known } from './find-sweep.ts';
export { type HeardNode, type Nodes, watchNodes } from './nodes.ts';
export { serverError } from './server-error.ts';
export { type Counts, readCounts } from './standing.ts';
export { readServerStates, type ServerState } from './states.ts';
export { findTasks, type Trace, traceTask } from './trace.ts';
