import yargs, { type Argv, type CommandModule } from 'yargs';
import { EdgesweepError, formatError, softwareVersion } from '../shared/mod.ts';
import { Refusal, usageError } from './usage.ts';

/** Exit codes: 0 done, 1 some tasks failed, 2 usage or a bad sweep file, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Options that may be given several times, and words that have no option. */
const REPEATABLE = [
  'set',
  'by',
  'panels',
  'stat',
  'format',
  'targets',
  'in',
  'log',
  'linear',
  'sweeps',
  'directories',
  '_',
];

type Exit = (code: number) => void;

/** Each command is loaded when it is named: what the cluster needs takes a local run longer to load than to do. */
const COMMANDS: Record<string, (exit: Exit) => Promise<CommandModule>> = {
  run: async (exit) => (await import('./commands/run.ts')).runModule(exit) as CommandModule,
  expand: async () => (await import('./commands/expand.ts')).expandModule as CommandModule,
  status: async () => (await import('./commands/status.ts')).statusModule as CommandModule,
  worker: async (exit) => (await import('./commands/worker.ts')).workerModule(exit) as CommandModule,
  server: async (exit) => (await import('./commands/server.ts')).serverModule(exit) as CommandModule,
  pause: async () => (await import('./commands/pause.ts')).pauseModule as CommandModule,
  resume: async () => (await import('./commands/resume.ts')).resumeModule as CommandModule,
  cancel: async () => (await import('./commands/cancel.ts')).cancelModule as CommandModule,
  retry: async () => (await import('./commands/retry.ts')).retryModule as CommandModule,
  why: async () => (await import('./commands/why.ts')).whyModule as CommandModule,
  doctor: async (exit) => (await import('./commands/doctor.ts')).doctorModule(exit) as CommandModule,
  table: async () => (await import('./commands/table.ts')).tableModule as CommandModule,
  plot: async () => (await import('./commands/plot.ts')).plotModule as CommandModule,
  gallery: async () => (await import('./commands/gallery.ts')).galleryModule as CommandModule,
  verify: async (exit) => (await import('./commands/verify.ts')).verifyModule(exit) as CommandModule,
  crosscheck: async (exit) => (await import('./commands/crosscheck.ts')).crosscheckModule(exit) as CommandModule,
  data: async (exit) => (await import('./commands/data.ts')).dataModule(exit) as CommandModule,
  dump: async () => (await import('./commands/dump.ts')).dumpModule as CommandModule,
  schema: async () => (await import('./commands/schema.ts')).schemaModule as CommandModule,
};

/**
 * Parses the words of a command line and does what they say. Results go to standard output, everything else to standard error.
 * @returns the exit code
 */
export async function runCli(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const exit: Exit = (code) => {
    exitCode = code;
  };
  // only the command that is named; all of them for the help, and to say what may have been meant
  const named =
    words[0] !== undefined && Object.hasOwn(COMMANDS, words[0]) ? [COMMANDS[words[0]]] : Object.values(COMMANDS);
  const modules = await Promise.all(named.map((load) => load(exit)));
  try {
    await parserFor(words, modules).parseAsync();
    return exitCode;
  } catch (error) {
    const told = error instanceof Refusal ? await usageError(error.message, words, modules) : error;
    return report(told, words.includes('--verbose'));
  }
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
