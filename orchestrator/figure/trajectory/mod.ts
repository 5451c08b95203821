export { trajectorySpecification } from './specification.ts';
export type { Line, Panel, Series, TrajectoryFigure } from './types.ts';
