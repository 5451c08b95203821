import {
  EdgesweepError,
  EXIT,
  formatError,
  messageOf,
  oneLine,
  softwareVersion,
  withoutSecrets,
} from '../shared/mod.ts';
import type { Context } from './commands/mod.ts';
import { diskError, systemCode } from './directory/disk-error.ts';
import { guarded } from './guarded-output.ts';

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
    return report(error, context);
  }
}

function report(thrown: unknown, { words, stderr }: Context): number {
  const verbose = words.includes('--verbose');
  const write = (text: string) =>
    stderr.write(`${withoutSecrets(text, words)}
`);
  const error = surroundingsError(thrown) ?? thrown;
  const known = error instanceof EdgesweepError;
  const message = known ? formatError(error) : `error: ${oneLine(messageOf(error))}`;
  write(message);
  if (verbose && error instanceof Error) write(`${error.stack}`);
  else if (!known) write('  this is a bug in edgesweep; --verbose shows the stack');
  return known ? error.exitCode : EXIT.failed;
}

/** Codes of what is the fault of the machine wherever it happens: also where a part of this program could not be loaded. */
const OF_THE_MACHINE = ['EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'EIO', 'ENOMEM'];

/** What the process met in its surroundings, which is no bug; undefined for anything else. */
function surroundingsError(error: unknown): EdgesweepError | undefined {
  const code = systemCode(error);
  const { syscall, path } = error as { syscall?: unknown; path?: unknown };
  if (code === 'ENOENT' && syscall === 'uv_cwd') {
    return new EdgesweepError('DIRECTORY_UNREADABLE', 'the current directory no longer exists', {
      got: 'a directory that was deleted',
      fix: 'change to another directory and rerun the command',
      cause: error,
    });
  }
  if (code === undefined || !OF_THE_MACHINE.includes(code)) return undefined;
  return diskError(error, 'cannot use a file', typeof path === 'string' ? path : 'unknown');
}
