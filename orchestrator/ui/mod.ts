export { pageFile } from './assets.ts';
export { describeRuns, describeSweep, outcomeOf } from './describe.ts';
export { darkened } from './drawn.ts';
export { FollowedSweep } from './follow/mod.ts';
export { thinSeries } from './series.ts';
export { isLoopback, type Page, type PageOptions, servePage } from './server.ts';
export type { GalleryData, GallerySweep } from './wire.ts';
