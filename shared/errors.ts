import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { oneLine, visible } from './visible.ts';

export type ErrorDetails = {
  /** file, file:line:column, directory or task at fault */
  where?: string;
  expected?: string;
  got?: string;
  /** what the user can do about it */
  fix?: string;
  cause?: unknown;
};

export class EdgesweepError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'EdgesweepError';
    this.code = code;
    this.details = details;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Everything that the user can do something with, in one line. */
export function errorLine(error: EdgesweepError): string {
  const { got, fix } = error.details;
  return [error.message, got, fix]
    .filter((part) => part !== undefined)
    .map(oneLine)
    .join('; ');
}

/** Where the values of an error begin. */
const INDENT = ' '.repeat(12);

/**
 * The error as a user reads it: the message, then where / expected / got / fix, a line each. Further lines of a value are indented, so that
 * none can pass for another part of the error.
 */
export function formatError(error: EdgesweepError): string {
  const { where, expected, got, fix } = error.details;
  const value = (text: string) => visible(text).replace(/\s*\n\s*/g, `\n${INDENT}`);
  const lines = [`error [${error.code}]: ${oneLine(error.message)}`];
  if (where !== undefined) lines.push(`  where:    ${value(where)}`);
  if (expected !== undefined) lines.push(`  expected: ${value(expected)}`);
  if (got !== undefined) lines.push(`  got:      ${value(got)}`);
  if (fix !== undefined) lines.push(`  fix:      ${value(fix)}`);
  return lines.join('\n');
}
