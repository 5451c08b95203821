export { type DrawOptions, onlySweep, refuseOptions } from './options.ts';
export { renderPng, renderSvg } from './render.ts';
export { figureCsv } from './values.ts';
