export { type FigureData, readFigure } from './data.ts';
export type { FigureOptions } from './encoding.ts';
export { renderPng, renderSvg } from './render.ts';
export { specification } from './specification.ts';
export {
  type Line,
  type Panel,
  type Series,
  type TrajectoryFigure,
  trajectorySpecification,
} from './trajectory/mod.ts';
