import { filesOf, type ProgramSweep } from '../shared/sweep/mod.ts';
import type { ProgramSpec } from '../worker/mod.ts';

/** The program of a sweep that was loaded, as this machine starts it. */
export function specOf(sweep: ProgramSweep): ProgramSpec {
  const { name, command, directory, mode, timeout, start, memory, recycle, checkpoints } = sweep.program;
  return {
    name,
    command: command as string[],
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
