import { join } from 'node:path';
import { writeFileAtomically } from '../directory/mod.ts';
import { FILE_FORMATS, type Report, render } from './formats.ts';

/**
 * Writes table.md, table.csv, table.json and table.tex into the sweep directory.
 * @throws EdgesweepError DISK
 */
export async function writeTables(directory: string, report: Report): Promise<void> {
  for (const format of FILE_FORMATS)
    await writeFileAtomically(join(directory, `table.${format}`), render(report, format));
}
