import { type GridValue, oneLine } from '../../../../shared/mod.ts';
import type { Statistic } from '../../../../shared/sweep/mod.ts';
import { tupleKey } from '../../../report/groups.ts';
import { entrySeparator, keyHeading, SPREADS, STATISTIC_HEADINGS, valueHeading } from '../../../report/headings.ts';
import type { Layout } from '../../../report/layout.ts';
import { formatDifference, formatNumber, NONE } from '../../../report/numbers.ts';
import { notes } from './notes.ts';
import { type Entry, isRough, ROUGH, type Table } from './table.ts';

const FLAT_DEFAULT: readonly Statistic[] = ['mean', 'sd', 'ci95', 'n'];
const PIVOT_DEFAULT: readonly Statistic[] = ['mean', 'ci95'];

export function layOut(table: Table): Layout {
  const { head, align, body } = table.axes.columns.length === 0 ? flat(table) : pivot(table);
  return {
    title: oneLine(table.title),
    source: table.source === null ? null : oneLine(table.source),
    head: head.map(oneLine),
    align,
    body: body.map((row) => row.map(oneLine)),
    notes: notes(table, shownStatistics(table)).map(oneLine),
  };
}

/** The statistics to show: those asked for, else what suits the table's shape. */
function shownStatistics({ shown, axes }: Table): readonly Statistic[] {
  return shown ?? (axes.columns.length === 0 ? FLAT_DEFAULT : PIVOT_DEFAULT);
}

type Grid = Pick<Layout, 'head' | 'align' | 'body'>;

/** One line an entry, each statistic its own column. */
function flat(table: Table): Grid {
  const shown = shownStatistics(table);
  const columns = shown.map((name) => ({
    head: STATISTIC_HEADINGS[name],
    text: (entry: Entry) => statisticText(entry, name),
  }));
  if (table.entries.some(hasBounds)) columns.push({ head: 'bounds', text: boundsText });
  if (shown.includes('mean') && table.entries.some(({ paper }) => paper !== null)) {
    columns.push({ head: 'paper', text: ({ paper }) => formatNumber(paper) });
    columns.push({ head: 'difference (SE)', text: differenceText });
  }
  return {
    head: [...table.axes.rows.map(keyHeading), ...columns.map(({ head }) => head)],
    align: [...rowAlignment(table), ...columns.map(() => 'right' as const)],
    body: table.entries.map((entry) => [...entry.row.map(String), ...columns.map(({ text }) => text(entry))]),
  };
}

/** The column keys' values side by side; an entry's statistics share one field. */
function pivot(table: Table): Grid {
  const { axes, rows, columns, entries } = table;
  const shown = shownStatistics(table);
  const entryAt = new Map(entries.map((entry) => [tupleKey([...entry.row, ...entry.column]), entry]));
  const columnHeading = (values: GridValue[]) =>
    values.map((value, i) => valueHeading(axes.columns[i], value)).join(', ');
  return {
    head: [...axes.rows.map(keyHeading), ...columns.map(columnHeading)],
    align: [...rowAlignment(table), ...columns.map(() => 'right' as const)],
    body: rows.map((row) => [
      ...row.map(String),
      ...columns.map((column) => {
        const entry = entryAt.get(tupleKey([...row, ...column]));
        return entry === undefined ? '' : entryText(entry, shown);
      }),
    ]),
  };
}

function entryText(entry: Entry, shown: readonly Statistic[]): string {
  const { statistics, runs } = entry;
  if (statistics.n === 0) return NONE;
  const asides = [];
  if (statistics.n < runs && !shown.includes('n')) asides.push(`${statistics.n} of ${runs}`);
  if (hasBounds(entry)) asides.push(boundsText(entry));
  if (entry.paper !== null && shown.includes('mean')) {
    const difference = entry.difference === null ? '' : `, ${differenceText(entry)} SE`;
    asides.push(`paper ${formatNumber(entry.paper)}${difference}`);
  }
  const text = shown.map((name) => statisticText(entry, name)).join(entrySeparator(shown));
  return asides.length === 0 ? text : `${text} (${asides.join('; ')})`;
}

function statisticText({ statistics, marks, runs }: Entry, name: Statistic): string {
  if (name === 'n') return `${statistics.n} of ${runs}`;
  const value = statistics[name];
  const text = formatNumber(value, SPREADS.includes(name) ? statistics.mean : null);
  return marks[name] === '' || value === null ? text : `${marks[name]} ${text}`;
}

/** With bounds among the runs neither the mean nor the deviation is known, so the difference can only hint. */
function differenceText(entry: Entry): string {
  const parts = [formatDifference(entry.difference)];
  if (isRough(entry)) parts.unshift(ROUGH);
  if (hasBounds(entry) && entry.difference !== null) parts.unshift('~');
  return parts.join(' ');
}

function hasBounds({ atMost, atLeast }: Entry): boolean {
  return atMost + atLeast > 0;
}

function boundsText({ atMost, atLeast }: Entry): string {
  const parts = [];
  if (atMost > 0) parts.push(`${atMost} at most`);
  if (atLeast > 0) parts.push(`${atLeast} at least`);
  return parts.join(', ');
}

/** Numbers are read by their last digits, names by their first letters. */
function rowAlignment({ axes, rows }: Table): Layout['align'] {
  return axes.rows.map((_, i) => (rows.every((row) => typeof row[i] === 'number') ? 'right' : 'left'));
}
