import { EXIT, softwareVersion } from '../shared/mod.ts';
import type { Context } from './commands/mod.ts';
import { guarded } from './guarded-output.ts';
import { tellError } from './tell-error.ts';

/** The scripts of `edgesweep completion` ask with it: a shell, and the words up to the cursor. */
const COMPLETE = '--complete';

/**
 * Parses the words of a command line and does what they say. Results go to standard output, everything else to standard error.
 * Touches nothing of the process itself but what the context has.
 * @returns the exit code
 */
export async function runCli(words: readonly string[], surroundings: Omit<Context, 'words'>): Promise<number> {
  const [stdout, stderr] = [guarded(surroundings.stdout), guarded(surroundings.stderr)];
  const context = { ...surroundings, stdout, stderr, words };
  try {
    if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
      context.stdout.write(`${softwareVersion()}\n`);
      return EXIT.done;
    }
    if (words[0] === COMPLETE) {
      const { complete } = await import('./completion/complete.ts');
      context.stdout.write(complete(words[1], words.slice(2), context.cwd));
      return EXIT.done;
    }
    // the parser takes longer to load than Node to start
    const { parse } = await import('./parse.ts');
    return await parse(words, context);
  } catch (error) {
    return tellError(error, context);
  }
}
