export { FORMATS, type Format, type Records, type Report, render, type TableOptions } from './formats.ts';
export { keyHeading, valueHeading } from './headings.ts';
export { type Layout, visibleLayout } from './layout.ts';
export { type Style, styleFor, wantsColor } from './terminal.ts';
export { writeTables } from './write.ts';
