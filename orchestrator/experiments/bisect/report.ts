import { counted, oneLine } from '../../../shared/mod.ts';
import { keyHeading } from '../../report/headings.ts';
import type { Layout, Records, Report } from '../../report/mod.ts';
import { formatNumber, NONE } from '../../report/numbers.ts';
import { medianOf } from '../../statistics.ts';
import type { BisectEntry, BisectTable } from './table.ts';

/** The table for every format. */
export const bisectReport = (table: BisectTable): Report => ({
  layout: () => layOut(table),
  records: () => records(table),
  json: () => json(table),
});

function layOut({ title, source, keys, settings, entries, tasks }: BisectTable): Layout {
  const head = [...keys.map(keyHeading), 'mean', 'sd', '95 % CI', 'median', 'min', 'max', 'several', 'bounds', 'n'];
  const hasBounds = entries.some(({ never, always }) => never + always > 0);
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head,
    align: head.map(() => 'right'),
    body: entries.map((entry) => [
      ...entry.row.map((value) => oneLine(String(value))),
      ...[entry.mean, entry.sd, entry.ci95].map((value) => formatNumber(value, entry.mean)),
      ...[medianOf(entry.thresholds), entry.thresholds[0], entry.thresholds.at(-1)].map((v) => formatNumber(v ?? null)),
      entry.several === null ? NONE : `${entry.several.length} of ${entry.thresholds.length}`,
      boundsOf(entry),
      `${entry.n} of ${entry.runs}`,
    ]),
    notes: [
      ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
      `step size between survival and divergence of one initialisation, by ${counted(settings.halvings, 'halving')} between ${settings.low} and ${settings.high}`,
      ...(settings.scan === 0
        ? ['several: unknown without `bisect.scan`']
        : [
            `several: runs whose verdict changes more than once along ${settings.scan + 1} step sizes; bisection then finds one of the changes`,
          ]),
      ...(hasBounds
        ? [
            `never, always: runs that survive ${settings.high}, or diverge at ${settings.low}; they are not part of the statistics: move \`bisect.high\` or \`bisect.low\``,
          ]
        : []),
    ],
  };
}

function boundsOf({ never, always }: BisectEntry): string {
  const parts = [...(never > 0 ? [`${never} never`] : []), ...(always > 0 ? [`${always} always`] : [])];
  return parts.length === 0 ? NONE : parts.join(', ');
}

function records({ keys, entries }: BisectTable): Records {
  return {
    columns: [...keys, 'runs', 'n', 'mean', 'sd', 'ci95', 'median', 'min', 'max', 'several', 'never', 'always'],
    rows: entries.map(({ row, runs, n, mean, sd, ci95, thresholds, several, never, always }) => [
      ...row,
      ...[runs, n, mean, sd, ci95, medianOf(thresholds), thresholds[0] ?? null, thresholds.at(-1) ?? null],
      ...[several?.length ?? null, never, always],
    ]),
  };
}

function json({ name, title, source, keys, settings, entries, tasks }: BisectTable): string {
  const document = {
    ...{ name, title, source, tasks, rows: keys, settings },
    entries: entries.map(({ row, several, ...entry }) => ({
      row: Object.fromEntries(keys.map((key, i) => [key, row[i]])),
      ...entry,
      median: medianOf(entry.thresholds),
      several: several?.length ?? null,
    })),
  };
  return `${JSON.stringify(document, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value), 2)}\n`;
}
