export { type DrawOptions, refuseOptions } from './options.ts';
export { renderPng, renderSvg } from './render.ts';
