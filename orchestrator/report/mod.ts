export { type AnyTable, FORMATS, type Format, layOutAny, render } from './formats.ts';
export { keyHeading, valueHeading } from './headings.ts';
export { clean, type Layout } from './layout.ts';
export { pooling, reduction } from './notes.ts';
export { readStepSizes, readTable } from './read.ts';
export { type Entry, type Table, type TableOptions, tableRows } from './table.ts';
export { wantsColor } from './terminal.ts';
export { writeTables } from './write.ts';
