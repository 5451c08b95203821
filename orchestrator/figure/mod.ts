export { type FigureData, readFigure } from './data.ts';
export type { FigureOptions } from './encoding.ts';
export { renderPng, renderSvg } from './render.ts';
export { specification } from './specification.ts';
