import type { Report } from '../../../report/mod.ts';
import { renderJson } from './json.ts';
import { layOut } from './layout.ts';
import { recordsOf } from './records.ts';
import type { Table } from './table.ts';

export { pooling, reduction } from './notes.ts';
export { type Entry, type Table, tableRows } from './table.ts';

/** The table for every format. */
export const stepSizeReport = (table: Table): Report => ({
  layout: () => layOut(table),
  records: () => recordsOf(table),
  json: () => renderJson(table),
});
