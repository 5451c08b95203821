export { FORMATS, type Format, render } from './formats.ts';
export { keyHeading, valueHeading } from './headings.ts';
export { clean, type Layout, layOut } from './layout.ts';
export { pooling, reduction } from './notes.ts';
export { readTable } from './read.ts';
export { type Entry, type Table, type TableOptions, tableRows } from './table.ts';
export { wantsColor } from './terminal.ts';
export { writeTables } from './write.ts';
