import type { Panel } from '../../../../shared/mod.ts';
import type { Point } from '../../../figure/thin.ts';
import { type Curve, isLogarithmic } from './curves.ts';

/** Of an axis from the bottom to the top. */
export type Domain = {
  low: number;
  high: number;
  /** whether there are values beyond */
  cut: boolean;
};

/** Room beside the outermost values, as a share of the axis. */
const MARGIN = 0.05;
/** A diverging run may rise this many times above where it began, or others are, before its rise is cut off: logarithmic axes. */
const RISE = 30;
/** The same for linear axes and the edge of stability. */
const RISE_OVER_EDGE = 1.6;
/** An edge this many times above all that is drawn is not worth an empty panel. */
const FAR_EDGE = 4;
/** Above so many times what nearly all values are below, even a run that does not diverge is cut off. */
const PEAK = 8;

/** @returns undefined of no points */
export function domainOf(panel: Panel, curves: readonly Curve[], edges: readonly Point[]): Domain | undefined {
  const drawn = curves.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return undefined;
  return isLogarithmic(panel) ? logarithmic(drawn, edges) : linear(drawn, edges);
}

/** What a run that explodes reaches at last, 1e38 at worst, would leave nothing to see of the others. */
function logarithmic(curves: readonly Curve[], edges: readonly Point[]): Domain {
  const [bottom, top] = extent(curves.flatMap(valuesOf));
  const calm = curves.flatMap((curve) => (diverged(curve) ? [curve.points[0].value] : valuesOf(curve)));
  const [, calmTop] = extent(calm);
  const cut = top > RISE * calmTop;
  const near = edges.map(({ value }) => value).filter((value) => value <= FAR_EDGE * calmTop);
  const high = cut ? RISE * calmTop : extent([top, ...near])[1];
  // of one value a band around it
  const factor = high > bottom ? (high / bottom) ** MARGIN : 2;
  return { low: bottom / factor, high: cut ? high : high * factor, cut };
}

/** From 0, or below for what is negative. */
function linear(curves: readonly Curve[], edges: readonly Point[]): Domain {
  const [bottom, top] = extent(curves.flatMap(valuesOf));
  const limit = furthest(curves, edges);
  const shown = Math.min(Math.max(top, 0), limit);
  const low = Math.max(Math.min(bottom, 0) * (1 + MARGIN), -limit);
  const near = edges.map(({ value }) => value).filter((value) => value <= FAR_EDGE * Math.max(shown, -low));
  const high = (top > limit ? limit : extent([shown, ...near])[1]) * (1 + MARGIN);
  // of nothing above 0, or but 0, an axis with 0 on it all the same
  return { low, high: Math.max(high, -MARGIN * low) || 1, cut: top > limit || bottom < -limit };
}

/** How far from 0 a linear axis goes at most. */
function furthest(curves: readonly Curve[], edges: readonly Point[]): number {
  const calm = curves.filter((curve) => !diverged(curve)).flatMap(sizes);
  const wild = curves.filter(diverged);
  const edge =
    edges.length > 0
      ? RISE_OVER_EDGE *
        quantile(
          edges.map(({ value }) => value),
          0.5,
        )
      : 0;
  const usual = calm.length > 0 ? Math.min(extent(calm)[1], PEAK * quantile(calm, 0.95)) : 0;
  const least = Math.max(edge, usual, ...wild.map((curve) => sizes(curve)[0]));
  // with nothing to compare, what they were at most of the time
  return edge + usual > 0 || wild.length === 0 ? least : Math.max(least, 1.5 * quantile(wild.flatMap(sizes), 0.75));
}

const diverged = ({ line }: Curve): boolean => line.divergence !== null;
const valuesOf = ({ points }: Curve): number[] => points.map(({ value }) => value);
const sizes = (curve: Curve): number[] => valuesOf(curve).map(Math.abs);

/** Of one value or more. */
export function extent(values: readonly number[]): [number, number] {
  let [low, high] = [values[0], values[0]];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

/** The value that a share `q` of the others is below. */
function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
}
