import { EdgesweepError } from '../../shared/mod.ts';

export const checkpointOption = {
  type: 'number',
  requiresArg: true,
  default: 30,
  describe: 'seconds between two checkpoints of a long task',
} as const;

/** @throws EdgesweepError USAGE */
export function checkpointSeconds(seconds: number): number {
  if (seconds >= 0 && seconds < 1e6) return seconds;
  throw new EdgesweepError('USAGE', '--checkpoint cannot be used', {
    where: '--checkpoint',
    expected: 'seconds, from 0 to 1000000',
    got: String(seconds),
  });
}
