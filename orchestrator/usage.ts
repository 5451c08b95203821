import yargs, { type CommandModule } from 'yargs';
import { EdgesweepError, nearest } from '../shared/mod.ts';

/** That yargs refuses the words of a command line, with its message. */
export class Refusal extends Error {}

/**
 * The error to show for a refusal: it says what may have been meant.
 * @param message yargs's, in English
 */
export async function usageError(
  message: string,
  words: readonly string[],
  modules: readonly CommandModule[],
): Promise<EdgesweepError> {
  const commands = modules.map(({ command }) => String(command).split(' ')[0]);
  const command = words.find((word) => !word.startsWith('-'));
  const module = modules[commands.indexOf(command ?? '')];
  if (module === undefined) {
    const said = command === undefined ? message : `unknown command \`${command}\``;
    const expected = `one of ${commands.join(', ')}`;
    return new EdgesweepError('USAGE', said, { expected, fix: fixFor(command ?? '', commands, 'edgesweep --help') });
  }

  const help = `edgesweep ${command} --help`;
  const unknown = /^Unknown arguments?: ([^, ]+)/.exec(message)?.[1];
  const option = words
    .map((word) => word.split('=')[0])
    .find((word) => /^--?[^-]/.test(word) && word.endsWith(`-${unknown}`));
  if (option !== undefined) {
    const fix = fixFor(`--${unknown}`, await optionsOf(module), help);
    return new EdgesweepError('USAGE', `unknown option \`${option}\``, { fix });
  }
  const expected = `edgesweep ${module.command}`;
  if (unknown !== undefined) {
    return new EdgesweepError('USAGE', `one word too many: \`${unknown}\``, { expected, fix: help });
  }
  if (message.startsWith('Not enough non-option arguments')) {
    return new EdgesweepError('USAGE', `\`${command}\` needs one more word`, { expected, fix: help });
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
async function optionsOf({ builder }: CommandModule): Promise<string[]> {
  const parser = yargs([]);
  if (typeof builder === 'function') await builder(parser);
  return (await parser.getHelp()).match(/--[a-z-]+/g) ?? [];
}
