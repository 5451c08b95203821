export { readTrajectories } from './read.ts';
export { trajectorySpecification } from './specification.ts';
export type { Line, TrajectoryFigure } from './types.ts';
