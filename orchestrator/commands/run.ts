import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { EdgesweepError, formatError, softwareVersion } from '../../shared/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { openSweepDirectory } from '../directory/mod.ts';
import { localDispatcher } from '../dispatch/mod.ts';
import { catchInterrupt } from '../interrupt.ts';
import { chooseReporter } from '../progress/mod.ts';
import { readTable, render, wantsColor, writeTables } from '../report/mod.ts';
import { failuresError, runSweep, type SweepRun } from '../sweep-run.ts';
import { loadWithOptions, type SweepOptions, withSweepOptions } from './sweep-options.ts';

export type RunOptions = SweepOptions & {
  out: string | undefined;
  threads: number | undefined;
  quiet: boolean;
  json: boolean;
};

export const runModule = (exit: (code: number) => void): CommandModule<object, RunOptions> => ({
  command: 'run <sweep>',
  describe: 'run a sweep; a second time, or after any interruption, only what is missing',
  builder: (yargs) =>
    withSweepOptions(yargs)
      .option('out', { type: 'string', describe: 'sweep directory  [results/NAME]' })
      .option('threads', { type: 'number', describe: 'threads  [EDGESWEEP_THREADS, else one a core]' })
      .option('quiet', { type: 'boolean', default: false, describe: 'no progress' })
      .option('json', { type: 'boolean', default: false, describe: 'progress and table as JSON, an event a line' }),
  handler: async (options) => exit(await run(options)),
});

async function run(options: RunOptions): Promise<number> {
  const sweep = loadWithOptions(options);
  const threads = threadCount(options.threads);
  const dir = options.out ?? join('results', sweep.name);
  const command = process.argv.slice(2);
  const directory = await openSweepDirectory(dir, sweep, { command, softwareVersion: softwareVersion() });
  const interrupt = catchInterrupt();
  try {
    const reporter = chooseReporter(options);
    let swept: SweepRun = { failures: [], interrupted: false };
    if (directory.progress.done < directory.progress.total) {
      const dispatcher = localDispatcher(createPool({ threads, engine: sweep.engine }));
      try {
        swept = await runSweep(directory, dispatcher, interrupt, reporter);
      } finally {
        await dispatcher.close();
      }
    }
    const table = await readTable(dir);
    await writeTables(dir, table);
    const color = wantsColor(process.stdout, process.env);
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ event: 'table', table: JSON.parse(render(table, 'json')) })}\n`
        : render(table, 'terminal', { color }),
    );
    if (swept.interrupted) {
      reporter.note(`interrupted; to go on, give the same command again: edgesweep ${command.join(' ')}`);
      return 130;
    }
    if (swept.failures.length > 0) {
      const error = failuresError(swept.failures, dir);
      reporter.note(formatError(error));
      return error.exitCode;
    }
    return 0;
  } finally {
    await directory.close();
    interrupt.release();
  }
}

/** Flag, else environment, else cores. */
function threadCount(flag: number | undefined): number {
  const variable = process.env.EDGESWEEP_THREADS;
  const [value, where] =
    flag !== undefined ? [flag, '--threads'] : [Number(variable || availableParallelism()), 'EDGESWEEP_THREADS'];
  if (Number.isInteger(value) && value >= 1 && value <= 1024) return value;
  throw new EdgesweepError('USAGE', 'the number of threads cannot be used', {
    where,
    expected: 'a whole number from 1 to 1024',
    got: String(flag ?? variable),
    fix: 'leave it out for one thread a core',
  });
}
