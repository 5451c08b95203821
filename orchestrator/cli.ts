import yargs from 'yargs';
import { EdgesweepError, formatError, softwareVersion } from '../shared/mod.ts';
import { expandModule } from './commands/expand.ts';
import { runModule } from './commands/run.ts';
import { schemaModule } from './commands/schema.ts';
import { statusModule } from './commands/status.ts';
import { tableModule } from './commands/table.ts';
import { verifyModule } from './commands/verify.ts';

/** Exit codes: 0 done, 1 some tasks failed, 2 usage or a bad sweep file, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Parses the words of a command line and does what they say. Results go to standard output, everything else to standard error.
 * @returns the exit code
 */
export async function runCli(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const verbose = words.includes('--verbose');
  const parser = yargs([...words])
    .scriptName('edgesweep')
    .usage('$0 COMMAND\n\nSweeps of small training runs: how large may the step size be?')
    .command(runModule((code) => (exitCode = code)))
    .command(expandModule)
    .command(statusModule)
    .command(tableModule)
    .command(verifyModule((code) => (exitCode = code)))
    .command(schemaModule)
    .option('verbose', { type: 'boolean', default: false, describe: 'show the stack of an error', global: true })
    .version(softwareVersion())
    .strict()
    .demandCommand(1, 'name a command')
    .recommendCommands()
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new EdgesweepError('USAGE', message, { fix: 'edgesweep --help, or edgesweep COMMAND --help' });
    });
  try {
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    return report(error, verbose);
  }
}

function report(error: unknown, verbose: boolean): number {
  const known = error instanceof EdgesweepError;
  const message = known ? formatError(error) : `error: ${error instanceof Error ? error.message : String(error)}`;
  process.stderr.write(`${message}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else if (!known) process.stderr.write('  this is a fault of edgesweep; --verbose shows where\n');
  return known ? error.exitCode : EXIT.failed;
}
