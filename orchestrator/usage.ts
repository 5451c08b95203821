import yargs from 'yargs';
import { EdgesweepError, nearest } from '../shared/mod.ts';
import { COMMANDS, type Command } from './commands/mod.ts';

/** That yargs refuses the words of a command line, with its message. */
export class Refusal extends Error {}

/**
 * The error to show for a refusal: it says what may have been meant.
 * @param message yargs's, in English
 * @param name of the command, where the words name one
 */
export async function usageError(
  message: string,
  words: readonly string[],
  name: string | undefined,
  command: Command | undefined,
): Promise<EdgesweepError> {
  if (name === undefined || command === undefined) {
    const commands = Object.keys(COMMANDS);
    const word = words.find((typed) => !typed.startsWith('-'));
    const said = word === undefined ? message : `unknown command \`${word}\``;
    const expected = `one of ${commands.join(', ')}`;
    return new EdgesweepError('USAGE', said, { expected, fix: fixFor(word ?? '', commands, 'edgesweep --help') });
  }

  const help = `edgesweep ${name} --help`;
  const expected = `edgesweep ${[name, COMMANDS[name].words].join(' ')}`.trimEnd();
  const unknown = /^Unknown arguments?: ([^, ]+)/.exec(message)?.[1];
  const option = words
    .map((word) => word.split('=')[0])
    .find((word) => /^--?[^-]/.test(word) && word.endsWith(`-${unknown}`));
  if (option !== undefined) {
    if (option === '--nats') {
      const fix = 'collect the results in a sweep directory with `edgesweep run SWEEP --nats URL`, and name that';
      return new EdgesweepError('USAGE', `\`${name}\` does not ask a server`, { where: option, expected, fix });
    }
    const fix = fixFor(`--${unknown}`, await optionsOf(command), help);
    return new EdgesweepError('USAGE', `unknown option \`${option}\``, { fix });
  }
  if (unknown !== undefined) {
    return new EdgesweepError('USAGE', `unexpected argument: \`${unknown}\``, { expected, fix: help });
  }
  if (message.startsWith('Not enough non-option arguments')) {
    return new EdgesweepError('USAGE', `\`${name}\` needs one more argument`, { expected, fix: help });
  }
  const withoutValue = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  const said = withoutValue === undefined ? message : `--${withoutValue} needs a value`;
  return new EdgesweepError('USAGE', said, { fix: help });
}

function fixFor(word: string, candidates: readonly string[], otherwise: string): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? otherwise : `did you mean \`${meant}\`?`;
}

/** The options of a command, read from its help: yargs has no other way to list them. */
async function optionsOf({ options }: Command): Promise<string[]> {
  return (await options(yargs([])).getHelp()).match(/--[a-z-]+/g) ?? [];
}
