import { EdgesweepError } from '../shared/mod.ts';
import { filesOf, type ProgramSweep } from '../shared/sweep/mod.ts';
import type { ProgramSpec } from '../worker/mod.ts';
import type { AllowedProgram } from '../worker/node/mod.ts';

/**
 * The program of a sweep that was loaded, as this machine starts it.
 * @param allowed the only programs that are started, with these commands; undefined: that of the sweep
 * @throws EdgesweepError PROGRAM_MISSING for one that is not allowed
 */
export function specOf(sweep: ProgramSweep, allowed?: readonly AllowedProgram[]): ProgramSpec {
  const { name, command, directory, mode, timeout, start, memory, recycle, checkpoints } = sweep.program;
  return {
    name,
    command: allowed === undefined ? (command as string[]) : commandOf(name, allowed),
    directory: directory ?? '.',
    files: filesOf(sweep),
    settings: {
      mode,
      timeout,
      start,
      checkpoints,
      ...(memory !== undefined && { memory }),
      ...(recycle !== undefined && { recycle }),
    },
  };
}

function commandOf(name: string, allowed: readonly AllowedProgram[]): readonly string[] {
  const program = allowed.find((one) => one.name === name);
  if (program !== undefined) return program.command;
  throw new EdgesweepError('PROGRAM_MISSING', `the program \`${name}\` is not allowed`, {
    expected: `one of ${allowed.map((one) => one.name).join(', ') || 'none'}`,
    got: name,
    fix: 'add it to `programs.allow`',
  });
}
