import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NUMERICS, type SearchCell, type SearchResult, stepSizesOf } from '../../../shared/mod.ts';
import { expand, formatSweep, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { outcomeOf } from '../report/support.ts';

/**
 * A sweep directory as a run leaves it, with made-up outcomes.
 * @param rungOf the rung that a run of a cell ended on, or the result; undefined where there is no outcome yet
 */
export function makeSweepDirectory(
  parent: string,
  sweep: SearchSweep,
  rungOf: (cell: SearchCell, run: number) => number | Partial<SearchResult> | undefined,
): string {
  const directory = join(parent, sweep.name);
  mkdirSync(directory);
  const { cells, runs, task } = expand(sweep);
  const lines = cells.flatMap((cell, index) =>
    Array.from({ length: runs }, (_, run) => {
      const found = rungOf(cell, run);
      if (found === undefined) return '';
      const last = [...stepSizesOf(cell.search)].length - 1;
      const rung = Math.min(last, typeof found === 'number' ? found : (found.rung ?? 0));
      const result = typeof found === 'number' ? {} : found;
      return `${JSON.stringify({ ...outcomeOf(cell, run, rung, result), task: task(index, run) })}\n`;
    }),
  );
  writeFileSync(join(directory, 'sweep.yaml'), formatSweep(sweep));
  writeFileSync(join(directory, 'outcomes.jsonl'), lines.join(''));
  const manifest = {
    numerics: NUMERICS,
    version: '0.0.0',
    gitRevision: null,
    node: 'v20.0.0',
    v8: '11',
    arch: 'x64',
    platform: 'linux',
    command: ['run', '<script>'],
    started: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return directory;
}
