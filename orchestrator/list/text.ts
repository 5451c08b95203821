import { oneLine } from '../../shared/mod.ts';
import { cutLast, tableLines } from '../columns.ts';
import type { ListedDirectory } from './directories.ts';
import type { ShippedSweep } from './shipped.ts';

/** The sweep whose work is the unit. */
const UNIT = 'table-4.1';

/** What computes a sweep, where that has to be installed. */
const NEEDED = ['tfjs', 'program'];

/** Shipped sweeps as a table, with the work of each in multiples of Table 4.1's. */
export function describeShipped(sweeps: readonly ShippedSweep[], columns: number | undefined): string {
  const unit = sweeps.find(({ name }) => name === UNIT)?.work ?? Number.NaN;
  const rows = sweeps.map(({ name, tasks, work, data, engine, title }) => {
    const needs = [...data.filter((kind) => kind !== 'synthetic'), ...NEEDED.filter((name) => name === engine)];
    return [name, String(tasks), work === null ? '' : relative(work / unit), needs.join(', '), oneLine(title)];
  });
  const head = ['shipped sweep', 'tasks', 'work', 'needs', 'title'];
  const align = ['left', 'right', 'right', 'left', 'left'] as const;
  const lines = tableLines(cutLast({ head, align, body: rows }, columns), columns);
  return `${lines.join('\n')}\n\nwork: expected multiply-adds, relative to ${UNIT}. It is a count; for a time on this machine: edgesweep run SWEEP --dry-run\n`;
}

/** Two digits, without an exponent. */
const relative = (value: number): string => String(Number(value.toPrecision(2)));

/** Sweep directories as a table. */
export function describeDirectories(
  directories: readonly ListedDirectory[],
  folder: string,
  columns: number | undefined,
): string {
  if (directories.length === 0) return `no sweep directories in ${folder}\n`;
  const rows = directories.map((listed) => {
    const { directory, state } = listed;
    if ('error' in listed) return [directory, state, '', '', `${listed.error.code}: ${listed.error.message}`];
    return [directory, state, String(listed.done), String(listed.total), oneLine(listed.sweep)];
  });
  const head = ['sweep directory', 'state', 'done', 'tasks', 'sweep'];
  const align = ['left', 'left', 'right', 'right', 'left'] as const;
  return `${tableLines(cutLast({ head, align, body: rows }, columns), columns).join('\n')}\n`;
}
