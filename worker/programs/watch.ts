import { duration } from '../../shared/mod.ts';
import type { ProgramSettings } from '../../shared/programs/settings.ts';
import { residentBytes } from './descendants.ts';
import { ProgramFailure } from './failure.ts';
import type { ProgramProcess } from './process.ts';

/** Milliseconds between two looks at the memory. */
const LOOK_MS = 200;

export const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Ends a process that takes too long or too much memory; says why it did. */
export class Watch {
  failure: ProgramFailure | undefined;
  readonly #timeout: NodeJS.Timeout;
  readonly #look: NodeJS.Timeout | undefined;

  constructor(process: ProgramProcess, name: string, { timeout, memory }: Pick<ProgramSettings, 'timeout' | 'memory'>) {
    this.#timeout = setTimeout(() => {
      this.failure ??= new ProgramFailure('PROGRAM_TIMEOUT', `the program \`${name}\` took too long`, {
        expected: `a result within ${duration(timeout)}`,
        got: 'none; it was ended',
        fix: 'raise `program.timeout`, or make the task smaller',
      });
      void process.kill();
    }, 1000 * timeout);
    if (memory === undefined) return;
    this.#look = setInterval(() => {
      if (process.pid === undefined) return;
      const resident = residentBytes(process.pid);
      if (resident <= memory) return;
      this.failure ??= new ProgramFailure('PROGRAM_MEMORY', `the program \`${name}\` used too much memory`, {
        expected: `at most ${inMegabytes(memory)} resident`,
        got: `${inMegabytes(resident)}; it was killed`,
        fix: 'raise `program.memory`, or make the task smaller',
      });
      void process.kill('now');
    }, LOOK_MS);
  }

  stop(): void {
    clearTimeout(this.#timeout);
    clearInterval(this.#look);
  }
}
