import { EdgesweepError } from '../../shared/mod.ts';

/** What the user may ask for instead of what the sweep file says. An experiment refuses what its figures do not have. */
export type DrawOptions = {
  x?: string | undefined;
  facet?: string | undefined;
  /** keys of the lines */
  by?: readonly string[] | undefined;
  /** axes to be logarithmic, and to be linear */
  log?: readonly ('x' | 'y')[];
  linear?: readonly ('x' | 'y')[];
  title?: string | undefined;
  /** directories of maximal step sizes whose distribution is drawn in */
  against?: readonly string[] | undefined;
  /** panels, from left to right */
  panels?: readonly string[] | undefined;
};

/** @throws EdgesweepError USAGE for the first flag that is given */
export function refuseOptions(flags: Readonly<Record<string, unknown>>, why: string): void {
  const given = Object.keys(flags).find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  throw new EdgesweepError('USAGE', `${given} does not apply to this figure`, {
    where: given,
    expected: why,
    fix: 'omit it',
  });
}
