import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of a sweep file, as YAML. */
export type SweepText = { name?: string; runs?: number; grid: string; search: string; more?: string };

/** Writes a sweep file into the folder and returns its path. */
export function writeSweep(folder: string, { name = 'probe', runs = 3, grid, search, more = '' }: SweepText): string {
  const path = join(folder, `${name}.yaml`);
  const head = `name: ${name}\ntitle: A probe\nexperiment: maximal-step-size\nruns: ${runs}\n`;
  writeFileSync(path, `${head}grid: ${grid}\nsearch: ${search}\n${more}`);
  return path;
}
