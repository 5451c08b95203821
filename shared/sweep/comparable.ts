import type { Sweep } from './experiments/mod.ts';

/** Keys that say where and by what a sweep is computed. They differ from machine to machine, and no result depends on them. */
const OF_THE_MACHINE = [['shard'], ['engine'], ['data', 'directory'], ['program', 'directory']] as const;

/** What directories of one sweep have in common, on whatever machines its parts were computed. The name of the arithmetic tells engines of another one apart. */
export const comparableSweep = (sweep: Sweep): Sweep =>
  OF_THE_MACHINE.reduce<object>((rest, path) => without(rest, path), sweep) as Sweep;

function without(value: object, [key, ...rest]: readonly string[]): object {
  const { [key]: part, ...others } = value as Record<string, unknown>;
  if (rest.length === 0 || typeof part !== 'object' || part === null) return part === undefined ? value : others;
  return { ...value, [key]: without(part, rest) };
}
