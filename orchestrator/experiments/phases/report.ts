import { counted, type GridValue, oneLine, PHASES } from '../../../shared/mod.ts';
import { keyHeading } from '../../report/headings.ts';
import type { Layout, Records, Report } from '../../report/mod.ts';
import { formatNumber, NONE } from '../../report/numbers.ts';
import type { PhasesTable } from './table.ts';

/** The table for every format. */
export const phasesReport = (table: PhasesTable): Report => ({
  layout: () => layOut(table),
  records: () => records(table),
  json: () => json(table),
});

const shown = (value: GridValue): string =>
  oneLine(String(typeof value === 'number' ? Number(value.toPrecision(6)) : value));

function layOut({ title, source, keys, entries, tasks }: PhasesTable): Layout {
  const head = [...keys.map(keyHeading), ...PHASES, 'λ0', 'λT / λ0', 'LT / L0', 'n'];
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head,
    align: head.map(() => 'right'),
    body: entries.map(({ row, runs, n, counts, sharpness, sharpnessRatio, lossRatio }) => [
      ...row.map(shown),
      ...PHASES.map((phase) => (n === 0 ? NONE : (counts[phase] / n).toFixed(3))),
      ...[sharpness, sharpnessRatio, lossRatio].map((value) => formatNumber(value)),
      `${n} of ${runs}`,
    ]),
    notes: [
      ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
      'step size: c / λ0, λ the top eigenvalue of the Hessian of the mean squared error (mean over examples and outputs)',
      'shares of trainings: lazy: the loss never rises above the first; catapult: it does, and ends below; stuck: it does not end below; diverged: NaN or infinite',
      'λ0, λT / λ0, LT / L0: medians; the ratios of trainings that did not diverge',
    ],
  };
}

function records({ keys, entries }: PhasesTable): Records {
  return {
    columns: [...keys, 'runs', 'n', ...PHASES, 'sharpness', 'sharpnessRatio', 'lossRatio'],
    rows: entries.map(({ row, runs, n, counts, sharpness, sharpnessRatio, lossRatio }) => [
      ...row,
      ...[runs, n, ...PHASES.map((phase) => counts[phase]), sharpness, sharpnessRatio, lossRatio],
    ]),
  };
}

function json({ name, title, source, keys, entries, tasks }: PhasesTable): string {
  const document = {
    ...{ name, title, source, tasks, rows: keys },
    entries: entries.map(({ row, ...entry }) => ({
      row: Object.fromEntries(keys.map((key, i) => [key, row[i]])),
      ...entry,
    })),
  };
  return `${JSON.stringify(document, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value), 2)}\n`;
}
