export { type Expected, expectedTime, scaled, type Timed } from './expected.ts';
export { type CellLoad, loadsOf, pendingTasksOf, visits, workLeft } from './load.ts';
export { describePlan, NOTHING_TO_DO, type Plan } from './plan.ts';
export { type Timing, timeTasks } from './timing.ts';
