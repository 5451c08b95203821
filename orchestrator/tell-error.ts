import { EdgesweepError, EXIT, formatError, messageOf } from '../shared/mod.ts';
import type { Context } from './commands/mod.ts';

/**
 * Writes the error for people to standard error and, with --json, as an event to standard output.
 * @returns the exit code
 */
export function tellError(
  error: unknown,
  { words, stdout, stderr }: Pick<Context, 'words' | 'stdout' | 'stderr'>,
): number {
  const known = error instanceof EdgesweepError;
  const exitCode = known ? error.exitCode : EXIT.failed;
  stderr.write(`${known ? formatError(error) : `error: ${messageOf(error)}`}\n`);
  if (words.includes('--verbose') && error instanceof Error) stderr.write(`${error.stack}\n`);
  else if (!known) stderr.write('  this is a bug in edgesweep; --verbose shows the stack\n');
  if (words.includes('--json')) stdout.write(`${JSON.stringify(errorEvent(error, exitCode))}\n`);
  return exitCode;
}

function errorEvent(error: unknown, exitCode: number): object {
  if (!(error instanceof EdgesweepError)) return { event: 'error', message: messageOf(error), exitCode };
  const { where, expected, got, fix } = error.details;
  return { event: 'error', code: error.code, message: error.message, where, expected, got, fix, exitCode };
}
