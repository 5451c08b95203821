import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { EdgesweepError, formatError, softwareVersion } from '../../shared/mod.ts';
import { createPool } from '../../worker/mod.ts';
import { openSweepDirectory } from '../directory/mod.ts';
import { localDispatcher } from '../dispatch/mod.ts';
import { catchInterrupt } from '../interrupt.ts';
import { chooseReporter } from '../progress/mod.ts';
import { readTable, render, wantsColor, writeTables } from '../report/mod.ts';
import { shellWords } from '../shell-words.ts';
import { failuresError, runSweep, type SweepRun } from '../sweep-run.ts';
import { loadWithOptions, type SweepOptions, withSweepOptions } from './sweep-options.ts';
import { threadCount, threadsOption } from './threads.ts';

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
      .option('out', { type: 'string', requiresArg: true, describe: 'sweep directory  [results/NAME]' })
      .option('threads', threadsOption)
      .option('quiet', { type: 'boolean', default: false, describe: 'no progress' })
      .option('json', { type: 'boolean', default: false, describe: 'progress and table as JSON, an event a line' }),
  handler: async (options) => exit(await run(options)),
});

async function run(options: RunOptions): Promise<number> {
  const sweep = loadWithOptions(options);
  const threads = threadCount(options.threads);
  const dir = sweepDirectory(options.out, sweep.name);
  const command = process.argv.slice(2);
  const directory = await openSweepDirectory(dir, sweep, { command, softwareVersion: softwareVersion() });
  const interrupt = catchInterrupt();
  try {
    const reporter = chooseReporter(options);
    let swept: SweepRun = { failed: 0, failures: [], interrupted: false };
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
      reporter.note(`interrupted; to go on, give the same command again: edgesweep ${shellWords(command)}`);
      return 130;
    }
    if (swept.failed > 0) {
      const error = failuresError(swept, dir);
      reporter.note(formatError(error));
      return error.exitCode;
    }
    return 0;
  } finally {
    await directory.close();
    interrupt.release();
  }
}

function sweepDirectory(out: string | undefined, name: string): string {
  if (out === '') {
    const fix = 'name a directory, or leave --out away';
    throw new EdgesweepError('USAGE', 'the sweep directory has no name', { where: '--out', got: 'nothing', fix });
  }
  return out ?? join('results', name);
}
