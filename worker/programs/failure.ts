import { EdgesweepError, type ErrorCode, type ErrorDetails } from '../../shared/mod.ts';
import { tellingLine } from './telling-line.ts';

/** A task that its program failed: another try would fail as well. */
export class ProgramFailure extends EdgesweepError {
  /** beginning and end of what the program wrote */
  log = '';

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(code, message, details);
    this.name = 'EdgesweepError';
  }

  /** Adds what the log says of the error, unless the program has said it itself. */
  quoteLog(): void {
    const words = tellingLine(this.log);
    if (words !== '' && !this.message.includes(words))
      this.details.got = [this.details.got, `its log says: ${words}`].filter(Boolean).join('; ');
  }
}

/** The fault of a machine, or of whoever killed the program: the task is tried again, elsewhere if there is an elsewhere. */
export class MachineFault extends Error {
  log = '';
}
