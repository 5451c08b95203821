import { readOutcomes, readSweep } from '../directory/mod.ts';
import { tableOf } from '../experiments/mod.ts';
import { render } from '../report/mod.ts';
import type { Table, TableOptions } from './types.ts';

/**
 * The table of a sweep directory, from what is recorded there, or from other outcomes of its sweep.
 * @throws EdgesweepError USAGE for a key or statistic that does not exist; what reading the directory throws
 */
export async function table(directory: string, { outcomes, ...options }: TableOptions = {}): Promise<Table> {
  const sweep = await readSweep(directory);
  const report = await tableOf(sweep, outcomes ?? readOutcomes(directory), options);
  const { title, notes } = report.layout();
  const { columns, rows } = report.records();
  return {
    title,
    notes,
    columns,
    rows: rows.map((values) => Object.fromEntries(columns.map((name, i) => [name, values[i]]))),
    format: (format) => render(report, format),
  };
}
