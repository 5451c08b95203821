import { EXIT } from './exit-codes.ts';
import { oneLine, visible } from './visible.ts';

/** Every error a user can meet, by a stable code, with the exit code that it leads to. */
export const ERROR_CODES = {
  SWEEP_INVALID: { exit: EXIT.usage },
  SWEEP_NOT_FOUND: { exit: EXIT.usage },
  SWEEP_TOO_LARGE: { exit: EXIT.usage },
  USAGE: { exit: EXIT.usage },
  DIRECTORY_OF_ANOTHER_SWEEP: { exit: EXIT.usage },
  DIRECTORY_LOCKED: { exit: EXIT.usage },
  DIRECTORY_NOT_EMPTY: { exit: EXIT.usage },
  DIRECTORY_UNREADABLE: { exit: EXIT.usage },
  JOURNAL_DAMAGED: { exit: EXIT.usage },
  JOURNAL_OTHER_NUMERICS: { exit: EXIT.usage },
  OUTCOMES_DIFFER: { exit: EXIT.failed },
  DISK: { exit: EXIT.failed },
  NETWORK_TOO_LARGE: { exit: EXIT.usage },
  ENGINE_MISSING: { exit: EXIT.usage },
  DATA_MISSING: { exit: EXIT.usage },
  DATA_DAMAGED: { exit: EXIT.usage },
  DATA_DIFFERS: { exit: EXIT.usage },
  DATA_TOO_FEW: { exit: EXIT.usage },
  DATA_UNREADABLE: { exit: EXIT.usage },
  DATA_UNREACHABLE: { exit: EXIT.usage },
  PROGRAM_MISSING: { exit: EXIT.usage },
  PROGRAM_DIFFERS: { exit: EXIT.usage },
  PROGRAM_FAILED: { exit: EXIT.failed },
  PROGRAM_TIMEOUT: { exit: EXIT.failed },
  PROGRAM_MEMORY: { exit: EXIT.failed },
  CHECKPOINT_OTHER_VERSION: { exit: EXIT.usage },
  SERIES_DAMAGED: { exit: EXIT.usage },
  TASK_FAILED: { exit: EXIT.failed },
  NATS_UNREACHABLE: { exit: EXIT.usage },
  NATS_AUTHORIZATION: { exit: EXIT.usage },
  NATS_TLS: { exit: EXIT.usage },
  NATS_JETSTREAM_OFF: { exit: EXIT.usage },
  NATS_SERVER_TOO_OLD: { exit: EXIT.usage },
  NATS_STREAM_DIFFERS: { exit: EXIT.usage },
  NATS_STORAGE_FULL: { exit: EXIT.usage },
  RESULT_REFUSED: { exit: EXIT.failed },
  KEY_UNUSABLE: { exit: EXIT.usage },
  NODE_SET_ASIDE: { exit: EXIT.failed },
  SERVER_NOT_INSTALLED: { exit: EXIT.usage },
  SWEEP_CANCELLED: { exit: EXIT.failed },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

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
