import yargs, { type Argv } from 'yargs';
import { EdgesweepError, EXIT, softwareVersion } from '../shared/mod.ts';
import { refuseCredentials } from './addresses.ts';
import { at, COMMANDS, type Command, type Context } from './commands/mod.ts';
import { epilogue } from './help.ts';
import { Refusal, usageError } from './usage.ts';

/** Options that may be given several times, and words that have no option. */
const REPEATABLE = [
  'set',
  'by',
  'panels',
  'stat',
  'value',
  'allow',
  'pass-env',
  'passEnv',
  'format',
  'targets',
  'in',
  'log',
  'linear',
  'sweeps',
  'filter',
  'sort',
  'folders',
  'measure',
  'against',
  'growth',
  'directories',
  '_',
];

/** Ends the parsing once the words are understood: a handler that returned would have yargs write the help of the command, which nobody reads. */
class Understood extends Error {
  readonly options: object;

  constructor(options: object) {
    super('understood');
    this.options = options;
  }
}

/** The command that the words name: it alone is loaded. */
function namedBy(words: readonly string[]): string | undefined {
  const first = words.find((word) => !word.startsWith('-'));
  return first !== undefined && Object.hasOwn(COMMANDS, first) ? first : undefined;
}

/**
 * Does what the words say.
 * @returns the exit code
 * @throws EdgesweepError USAGE for words that cannot be understood; what the command throws
 */
export async function parse(words: readonly string[], context: Context): Promise<number> {
  refuseCredentials(words);
  const name = namedBy(words);
  const command = name === undefined ? undefined : await COMMANDS[name].load();
  const parser = makeParser(words, context.stdout.columns);
  for (const [known, { words: positionals, describe }] of Object.entries(COMMANDS)) {
    const usage = positionals === undefined ? known : `${known} ${positionals}`;
    if (known !== name || command === undefined) parser.command(usage, describe);
    else {
      const { options, examples = [] } = command;
      const build = (of: Argv) => options(of).example(examples.map(([line, about]) => [`$0 ${line}`, about]));
      parser.command(usage, describe, build, (given) => {
        throw new Understood(given);
      });
    }
  }
  try {
    // yargs writes to the standard output of the process unless it has somebody to give the text to
    await parser.parseAsync([...words], {}, (_error: unknown, _given: unknown, text: string) => {
      if (text !== '') context.stdout.write(`${text}\n`);
    });
    return EXIT.done;
  } catch (error) {
    if (error instanceof Refusal) throw await usageError(error.message, words, name, command);
    if (!(error instanceof Understood) || command === undefined) throw error;
    return command.act(resolved(error.options, command, context.cwd) as never, context);
  }
}

function makeParser(words: readonly string[], columns = 80): Argv {
  return (
    yargs()
      .scriptName('edgesweep')
      .usage('$0 COMMAND\n\nSweeps of small training runs: the largest stable step size, and sharpness along the way.')
      .option('verbose', { type: 'boolean', default: false, describe: 'show the stack trace of errors', global: true })
      .version(softwareVersion())
      // one language for all messages, yargs's among ours
      .locale('en')
      .wrap(Math.min(columns, 80))
      .strict()
      .check(refuseRepeated)
      .check((options) => refuseNoNumbers(options, words))
      .demandCommand(1, 'name a command')
      .help()
      .alias({ h: 'help', v: 'version' })
      .epilogue(epilogue())
      .exitProcess(false)
      .fail((message, error) => {
        // yargs's own errors are of this name, or only a message; the others are ours
        throw error === undefined || error === null || error.name === 'YError' ? new Refusal(message) : error;
      })
  );
}

/** The options of a command with its paths as this process has to write them. */
function resolved(given: object, { paths }: Command, cwd: string): object {
  const options: Record<string, unknown> = { ...given };
  for (const name of paths) {
    const value = options[name];
    if (typeof value === 'string') options[name] = at(cwd, value);
    if (Array.isArray(value)) options[name] = value.map((path: string) => at(cwd, path));
  }
  return options;
}

/** An option given twice would become a list, which no command expects. */
function refuseRepeated(options: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(options)) {
    if (!Array.isArray(value) || REPEATABLE.includes(name)) continue;
    throw new EdgesweepError('USAGE', `--${name} occurs ${value.length} times`, {
      where: `--${name}`,
      expected: 'one value',
      // the ways to a server may hold secrets
      ...(!name.startsWith('nats') && { got: value.join(' and ') }),
      fix: 'keep only one',
    });
  }
  return true;
}

/** yargs makes NaN of a word that is no number, and forgets the word. */
function refuseNoNumbers(options: Record<string, unknown>, words: readonly string[]): true {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isNaN(value)) continue;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const joined = words.find((word) => word.startsWith(`${flag}=`));
    const got = joined === undefined ? words[words.indexOf(flag) + 1] : joined.slice(flag.length + 1);
    throw new EdgesweepError('USAGE', `the value of ${flag} is not a number`, {
      where: flag,
      expected: 'a number',
      got,
      fix: 'write digits, for instance 10',
    });
  }
  return true;
}
