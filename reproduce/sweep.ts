import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../dist/program/main.js', import.meta.url));

/** What the runs of one cell gave: mean maximal step size, its standard deviation and standard error, and half its 95 % interval. */
export type Cell = {
  n: number;
  mean: number;
  sd: number;
  se: number;
  ci95: number;
  min: number;
  max: number;
  atMost: number;
  atLeast: number;
};

export type Entry = { row: Value; column: Value; cell: Cell; paper: number | null; difference: number | null };
type Value = string | number;

/** The table of a sweep that varies one key down its rows and the activation across its columns, or the activation alone. */
export type Results = { title: string; source: string; key: string; entries: Entry[] };

export type Options = {
  seed?: number;
  runs: number;
  /** as for --set */
  settings?: readonly string[];
  /** where data sets of images are */
  data?: string | undefined;
};

type Json = {
  title: string;
  source: string;
  rows: string[];
  columns: string[];
  entries: {
    row: Record<string, Value>;
    column: Record<string, Value>;
    statistics: Omit<Cell, 'atMost' | 'atLeast'>;
    bounds: { atMost: number; atLeast: number };
    paper: number | null;
    difference: number | null;
  }[];
};

/** Runs a shipped sweep with the built program, in a folder of its own where a second call finds it done; or says why it could not be run. */
export function runSweep(
  folder: string,
  sweep: string,
  { seed = 0, runs, settings = [], data }: Options,
): Results | string {
  const out = join(folder, [sweep, seed, runs, ...settings].join('-').replace(/[^\w.-]/g, '_'));
  const words = ['run', sweep, '--seed', String(seed), '--runs', String(runs), '--out', out, '--quiet'];
  words.push(...settings.flatMap((setting) => ['--set', setting]), ...(data === undefined ? [] : ['--data-dir', data]));
  const ended = spawnSync(process.execPath, [PROGRAM, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (ended.status !== 0) return ended.stderr.trim().split('\n')[0];
  const { title, source, rows, columns, entries } = JSON.parse(readFileSync(join(out, 'table.json'), 'utf8')) as Json;
  const at = (values: Record<string, Value>, [key]: readonly string[]): Value => values[key] ?? '';
  return {
    title,
    source,
    key: rows[0],
    entries: entries.map(({ row, column, statistics, bounds, paper, difference }) => {
      return { row: at(row, rows), column: at(column, columns), cell: { ...statistics, ...bounds }, paper, difference };
    }),
  };
}

/** @throws when the sweep could not be run */
export function mustRun(folder: string, sweep: string, options: Options): Results {
  const results = runSweep(folder, sweep, options);
  if (typeof results === 'string') throw new Error(`${sweep}: ${results}`);
  return results;
}

/** The cells of one activation, down the rows. */
export function series({ entries }: Results, activation: string): { value: Value; cell: Cell }[] {
  return entries.filter(({ column }) => column === activation).map(({ row, cell }) => ({ value: row, cell }));
}
