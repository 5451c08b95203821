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

/**
 * The sweep of a figure that shows a single one and has fixed axes.
 * @param taken the options that the figure has
 * @param layout what it shows, for the error
 * @throws EdgesweepError USAGE for any other option that is given, and for several sweeps
 */
export function onlySweep<Sweep extends { experiment: string }>(
  directories: readonly string[],
  sweeps: readonly Sweep[],
  options: DrawOptions,
  { taken = [], layout }: { taken?: readonly ('by' | 'against')[]; layout: string },
): Sweep {
  const { x, facet, by, panels, against, log, linear } = options;
  const given = (values: readonly unknown[] | undefined) => (values?.length ? values : undefined);
  const flags = { x, facet, by, panels, against: given(against), log: given(log), linear: given(linear) };
  const refused = Object.entries(flags).filter(([name]) => !taken.some((key) => key === name));
  refuseOptions(Object.fromEntries(refused.map(([name, value]) => [`--${name}`, value])), layout);
  const [sweep] = sweeps;
  if (sweeps.length > 1) {
    throw new EdgesweepError('USAGE', `a figure of ${sweep.experiment} shows one sweep`, {
      got: directories.join(' '),
      fix: 'plot them one by one',
    });
  }
  return sweep;
}
