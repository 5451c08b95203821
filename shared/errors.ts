/**
 * Every error a user can meet, by a stable code. The exit code is part of the contract of the command line:
 * 2 for what the user can mend in the command or the files, 1 for what went wrong while running.
 */
export const ERROR_CODES = {
  SWEEP_INVALID: { exit: 2 },
  SWEEP_NOT_FOUND: { exit: 2 },
  SWEEP_TOO_LARGE: { exit: 2 },
  USAGE: { exit: 2 },
  DIRECTORY_OF_ANOTHER_SWEEP: { exit: 2 },
  DIRECTORY_LOCKED: { exit: 2 },
  DIRECTORY_NOT_EMPTY: { exit: 2 },
  DIRECTORY_UNREADABLE: { exit: 2 },
  JOURNAL_DAMAGED: { exit: 2 },
  JOURNAL_OTHER_NUMERICS: { exit: 2 },
  OUTCOMES_DIFFER: { exit: 1 },
  DISK: { exit: 1 },
  NETWORK_TOO_LARGE: { exit: 2 },
  ENGINE_MISSING: { exit: 2 },
  DATA_MISSING: { exit: 2 },
  DATA_DAMAGED: { exit: 2 },
  DATA_DIFFERS: { exit: 2 },
  DATA_TOO_FEW: { exit: 2 },
  DATA_UNREADABLE: { exit: 2 },
  DATA_UNREACHABLE: { exit: 2 },
  CHECKPOINT_OTHER_VERSION: { exit: 2 },
  SERIES_DAMAGED: { exit: 2 },
  TASK_FAILED: { exit: 1 },
  NATS_UNREACHABLE: { exit: 2 },
  NATS_AUTHORIZATION: { exit: 2 },
  NATS_JETSTREAM_OFF: { exit: 2 },
  NATS_SERVER_TOO_OLD: { exit: 2 },
  NATS_STREAM_DIFFERS: { exit: 2 },
  NATS_STORAGE_FULL: { exit: 2 },
  NODE_SET_ASIDE: { exit: 1 },
  SERVER_NOT_INSTALLED: { exit: 2 },
  SWEEP_CANCELLED: { exit: 1 },
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
  return [error.message, got, fix].filter((part) => part !== undefined).join('; ');
}

/** The error as a user reads it: the message, then where / expected / got / fix, a line each. */
export function formatError(error: EdgesweepError): string {
  const { where, expected, got, fix } = error.details;
  const lines = [`error [${error.code}]: ${error.message}`];
  if (where !== undefined) lines.push(`  where:    ${where}`);
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (got !== undefined) lines.push(`  got:      ${got}`);
  if (fix !== undefined) lines.push(`  fix:      ${fix}`);
  return lines.join('\n');
}
