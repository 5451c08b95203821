import { join } from 'node:path';
import { writeFileAtomically } from '../directory/mod.ts';
import { type Report, render } from './formats.ts';

const FILE_FORMATS = ['md', 'csv', 'json', 'tex'] as const;

/**
 * Writes table.md, table.csv, table.json and table.tex into the sweep directory.
 * @throws EdgesweepError DISK
 */
export async function writeTables(directory: string, report: Report): Promise<void> {
  for (const format of FILE_FORMATS)
    await writeFileAtomically(join(directory, `table.${format}`), render(report, format));
}
