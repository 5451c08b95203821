import { join } from 'node:path';
import { writeFileAtomically } from '../directory/mod.ts';
import { FORMATS, type Format, type Report, render } from './formats.ts';

/** Every format but the one for the terminal. */
const FILE_FORMATS = (Object.keys(FORMATS) as Format[]).filter((format) => format !== 'terminal');

/**
 * Writes table.md, table.csv, table.json and table.tex into the sweep directory.
 * @throws EdgesweepError DISK
 */
export async function writeTables(directory: string, report: Report): Promise<void> {
  for (const format of FILE_FORMATS)
    await writeFileAtomically(join(directory, `table.${format}`), render(report, format));
}
