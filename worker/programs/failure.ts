import { EdgesweepError, type ErrorCode, type ErrorDetails } from '../../shared/mod.ts';

/** A task that its program failed: another try would fail as well. */
export class ProgramFailure extends EdgesweepError {
  /** beginning and end of what the program wrote */
  log = '';

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(code, message, details);
    this.name = 'EdgesweepError';
  }

  /** Adds the last line of the log to what was got instead of a result: mostly that is the error. */
  sayLastWords(): void {
    const words = this.log.trimEnd().split('\n').at(-1)?.trim().slice(0, 300);
    if (words) this.details.got = [this.details.got, `it last wrote: ${words}`].filter(Boolean).join('; ');
  }
}

/** The fault of a machine, or of whoever killed the program: the task is tried again, elsewhere if there is an elsewhere. */
export class MachineFault extends Error {
  log = '';
}
