import yargs, { type Argv, type CommandModule } from 'yargs';
import { EdgesweepError, formatError, softwareVersion } from '../shared/mod.ts';
import { cancelModule } from './commands/cancel.ts';
import { doctorModule } from './commands/doctor.ts';
import { dumpModule } from './commands/dump.ts';
import { expandModule } from './commands/expand.ts';
import { pauseModule } from './commands/pause.ts';
import { resumeModule } from './commands/resume.ts';
import { retryModule } from './commands/retry.ts';
import { runModule } from './commands/run.ts';
import { schemaModule } from './commands/schema.ts';
import { serverModule } from './commands/server.ts';
import { statusModule } from './commands/status.ts';
import { tableModule } from './commands/table.ts';
import { verifyModule } from './commands/verify.ts';
import { whyModule } from './commands/why.ts';
import { workerModule } from './commands/worker.ts';
import { Refusal, usageError } from './usage.ts';

/** Exit codes: 0 done, 1 some tasks failed, 2 usage or a bad sweep file, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Options that may be given several times, and words that have no option. */
const REPEATABLE = ['set', 'by', 'stat', 'format', 'targets', 'in', 'sweeps', 'directories', '_'];

/**
 * Parses the words of a command line and does what they say. Results go to standard output, everything else to standard error.
 * @returns the exit code
 */
export async function runCli(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const modules = commandModules((code) => {
    exitCode = code;
  });
  try {
    await parserFor(words, modules).parseAsync();
    return exitCode;
  } catch (error) {
    const told = error instanceof Refusal ? await usageError(error.message, words, modules) : error;
    return report(told, words.includes('--verbose'));
  }
}

function commandModules(exit: (code: number) => void) {
  return [
    runModule(exit),
    expandModule,
    statusModule,
    workerModule(exit),
    serverModule(exit),
    pauseModule,
    resumeModule,
    cancelModule,
    retryModule,
    whyModule,
    doctorModule(exit),
    tableModule,
    verifyModule(exit),
    dumpModule,
    schemaModule,
  ] as CommandModule[];
}

function parserFor(words: readonly string[], modules: readonly CommandModule[]): Argv {
  const parser = yargs([...words])
    .scriptName('edgesweep')
    .usage('$0 COMMAND\n\nSweeps of small training runs: how large may the step size be?')
    .option('verbose', { type: 'boolean', default: false, describe: 'show the stack of an error', global: true })
    .version(softwareVersion())
    // one language for all messages, yargs's among ours
    .locale('en')
    .strict()
    .check(refuseRepeated)
    .demandCommand(1, 'name a command')
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      // yargs's own errors are of this name, or only a message; the others are ours
      throw error === undefined || error.name === 'YError' ? new Refusal(message) : error;
    });
  for (const module of modules) parser.command(module);
  return parser;
}

/** An option given twice would become a list, which no command expects. */
function refuseRepeated(options: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(options)) {
    if (!Array.isArray(value) || REPEATABLE.includes(name)) continue;
    throw new EdgesweepError('USAGE', `--${name} is given ${value.length} times`, {
      where: `--${name}`,
      expected: 'one value',
      got: value.join(' and '),
      fix: 'leave out all but one',
    });
  }
  return true;
}

function report(error: unknown, verbose: boolean): number {
  const known = error instanceof EdgesweepError;
  const message = known ? formatError(error) : `error: ${error instanceof Error ? error.message : String(error)}`;
  process.stderr.write(`${message}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else if (!known) process.stderr.write('  this is a fault of edgesweep; --verbose shows where\n');
  return known ? error.exitCode : EXIT.failed;
}
