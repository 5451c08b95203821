import type { AuditLine } from './wire.ts';

const MOST_LINES = 100;

/** What was done from the page, the last first: on the page, and as lines that the command prints. */
export class AuditTrail {
  #lines: readonly AuditLine[] = [];
  readonly #log: (text: string) => void;
  #tell: (lines: readonly AuditLine[]) => void = () => {};

  /** @param log receives each action, in one line */
  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  get lines(): readonly AuditLine[] {
    return this.#lines;
  }

  listen(tell: (lines: readonly AuditLine[]) => void): void {
    this.#tell = tell;
  }

  /** @param sweep key on a server, or the page's name of a directory */
  add(sweep: string, text: string): AuditLine {
    const line = { at: Date.now(), sweep, text };
    this.#lines = [line, ...this.#lines].slice(0, MOST_LINES);
    this.#log(text);
    this.#tell(this.#lines);
    return line;
  }
}
