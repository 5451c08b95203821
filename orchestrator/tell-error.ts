import { EdgesweepError, EXIT, formatError, messageOf, oneLine, withoutSecrets } from '../shared/mod.ts';
import type { Context } from './commands/mod.ts';
import { diskError, systemCode } from './directory/disk-error.ts';

/**
 * Writes the error for people to standard error and, with --json, as an event to standard output.
 * @returns the exit code
 */
export function tellError(
  thrown: unknown,
  { words, stdout, stderr }: Pick<Context, 'words' | 'stdout' | 'stderr'>,
): number {
  const error = surroundingsError(thrown) ?? thrown;
  const known = error instanceof EdgesweepError;
  const exitCode = known ? error.exitCode : EXIT.failed;
  const write = (text: string) => stderr.write(`${withoutSecrets(text, words)}\n`);
  write(known ? formatError(error) : `error: ${oneLine(messageOf(error))}`);
  if (words.includes('--verbose') && error instanceof Error) write(`${error.stack}`);
  else if (!known) write('  this is a bug in edgesweep; --verbose shows the stack');
  if (words.includes('--json')) stdout.write(`${withoutSecrets(JSON.stringify(errorEvent(error, exitCode)), words)}\n`);
  return exitCode;
}

function errorEvent(error: unknown, exitCode: number): object {
  if (!(error instanceof EdgesweepError)) return { event: 'error', message: messageOf(error), exitCode };
  const { where, expected, got, fix } = error.details;
  return { event: 'error', code: error.code, message: error.message, where, expected, got, fix, exitCode };
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
