import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EdgesweepError, EXIT } from '../../shared/mod.ts';
import { writeFileAtomically } from '../directory/mod.ts';
import { jsonOption } from '../options/common.ts';
import { columnsOf, csvText, parquetFile, readRuns } from '../runs/mod.ts';
import type { Command, Context } from './command.ts';

const FORMATS = ['csv', 'parquet'] as const;

type ExportOptions = {
  directory: string;
  format: (typeof FORMATS)[number] | undefined;
  out: string | undefined;
  json: boolean;
};

export const command: Command<ExportOptions> = {
  options: (yargs) =>
    yargs
      .positional('directory', { type: 'string', demandOption: true, describe: 'a sweep directory' })
      .option('format', { choices: FORMATS, describe: 'default: by the name of --out, else csv' })
      .option('out', { type: 'string', requiresArg: true, describe: 'file to write  [standard output]' })
      .option('json', jsonOption('with --out: one JSON object with the file, its rows and columns')),
  paths: ['directory', 'out'],
  examples: [
    ['export results/smoke > smoke.csv', 'one row per run, as CSV'],
    ['export results/smoke --out smoke.parquet', 'typed columns for DuckDB, pandas or Polars'],
  ],
  act: exportRuns,
};

async function exportRuns(options: ExportOptions, { stdout, stderr }: Context): Promise<number> {
  const { directory, out, json } = options;
  const format = options.format ?? (out?.endsWith('.parquet') ? 'parquet' : 'csv');
  if (out === undefined && (json || (format === 'parquet' && stdout.isTTY === true))) {
    throw new EdgesweepError('USAGE', json ? '--json needs --out' : 'a Parquet file is not written to a terminal', {
      expected: '--out FILE',
      fix: `edgesweep export DIRECTORY --format ${format} --out runs.${format}`,
    });
  }
  const read = await readRuns(directory, true);
  const columns = columnsOf(read);
  if (read.others > 0) {
    stderr.write(`left out: ${read.others} recorded outcomes that are not of the sweep as it is now\n`);
  }
  const parts = format === 'csv' ? csvText(read.runs, columns) : [await parquetFile(read.runs, columns)];
  if (out === undefined) {
    try {
      await pipeline(Readable.from(parts), stdout, { end: false });
    } catch (error) {
      // what is wrong with the output is reported where it is listened to
      if ((error as NodeJS.ErrnoException).syscall !== 'write') throw error;
    }
    return EXIT.done;
  }
  await writeFileAtomically(out, Buffer.concat([...parts].map((part) => Buffer.from(part))));
  const written = { file: out, format, rows: read.runs.length, columns: columns.map(({ name }) => name) };
  stdout.write(json ? `${JSON.stringify(written)}\n` : `${out}\n`);
  return EXIT.done;
}
