export { log } from './log.ts';
export { normalQuantile } from './normal.ts';
export { philox } from './philox.ts';
export { type Purpose, Stream, type StreamName } from './stream.ts';
