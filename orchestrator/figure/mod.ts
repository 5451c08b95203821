export { type FigureData, readFigure } from './data.ts';
export { type DrawOptions, draw } from './draw.ts';
export type { FigureOptions } from './encoding.ts';
export { renderPng, renderSvg } from './render.ts';
export { specification } from './specification.ts';
export { type Line, type TrajectoryFigure, trajectorySpecification } from './trajectory/mod.ts';
