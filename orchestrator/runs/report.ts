import { cellValue, counted, type GridValue, oneLine, type Task, varyingKeys } from '../../shared/mod.ts';
import { describeResult } from '../experiments/mod.ts';
import { keyHeading, type Report } from '../report/mod.ts';
import { type Column, STATE_COLUMNS } from './columns.ts';
import type { Value } from './fields.ts';
import type { Run, SweepRuns } from './read.ts';

/** Digits of an id that are shown: enough for `why`. */
const ID_DIGITS = 12;

const shown = (value: GridValue): string =>
  oneLine(String(typeof value === 'number' ? Number(value.toPrecision(6)) : value));

const inOneLine = (value: Value): Value => (typeof value === 'string' ? oneLine(value) : value);

/**
 * A list of tasks. Markdown and the terminal show the keys that vary and the result in one line; CSV and JSON have every column, JSON as
 * one object per line.
 * @param runs those to show, of `total`
 */
export function tasksReport(
  { sweep, cells }: Pick<SweepRuns, 'sweep' | 'cells'>,
  runs: readonly Run[],
  columns: readonly Column[],
  total: number,
): Report {
  const [state, error] = STATE_COLUMNS;
  const all = [state, ...columns, error];
  return {
    layout() {
      const keys = varyingKeys(cells);
      const cellOf = ({ cell }: Task) => keys.map((key) => shown(cellValue(cell, key)));
      return {
        title: oneLine(sweep.title),
        source: null,
        head: ['state', 'task', 'cell', ...keys.map(keyHeading), 'run', 'result', 'seconds', 'node'],
        align: ['left', 'left', 'right', ...keys.map(() => 'right' as const), 'right', 'left', 'right', 'left'],
        body: runs.map(({ state, index, task, outcome, failure }) => [
          state,
          task.id.slice(0, ID_DIGITS),
          String(index),
          ...cellOf(task),
          String(task.run),
          outcome === undefined ? oneLine(failure?.error ?? '') : describeResult(outcome),
          outcome === undefined ? '' : shown(outcome.provenance.seconds),
          outcome?.provenance.host ?? failure?.node ?? '',
        ]),
        notes: runs.length < total ? [`${runs.length} of ${counted(total, 'task')}`] : [counted(total, 'task')],
      };
    },
    records: () => ({
      columns: all.map(({ name }) => name),
      rows: runs.map((run) => all.map(({ read }) => inOneLine(read(run)))),
    }),
    json: () =>
      runs
        .map((run) => `${JSON.stringify(Object.fromEntries(all.map(({ name, read }) => [name, read(run)])))}\n`)
        .join(''),
  };
}
