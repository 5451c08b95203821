import { type Cell, cellValue, EdgesweepError, keyName, varyingKeys } from '../../../../shared/mod.ts';
import type { Figure, Scale } from '../../../../shared/sweep/mod.ts';
import type { DrawOptions } from '../../../figure/mod.ts';

/** Which grid key stands where in a figure. */
export type Encoding = {
  x: string;
  /** one panel unless given */
  facet: string | undefined;
  /** keys whose values together tell the lines of a panel apart; empty: one line */
  color: readonly string[];
  scale: { x: Scale; y: Scale };
};

/**
 * What stands where: flags, then the sweep file, then a choice by the keys that vary. The horizontal axis gets the key with the most
 * numbers, panels are by activation, and lines by whatever else varies within a sweep.
 * @param sweeps the cells of each
 * @throws EdgesweepError USAGE for a key that does not exist or stands in two places, and for a logarithm of names
 */
export function encodingOf(figure: Figure, sweeps: readonly (readonly Cell[])[], options: DrawOptions = {}): Encoding {
  const cells = sweeps.flat();
  const varying = [...new Set(sweeps.flatMap(varyingKeys))];
  const asked = options.by?.map(keyName) ?? (figure.color === undefined ? undefined : [keyName(figure.color)]);
  const facetAsked = options.facet ?? figure.facet;
  const taken = [...(asked ?? []), ...(facetAsked === undefined ? [] : [keyName(facetAsked)])];
  const xAsked = options.x ?? figure.x;
  const x = xAsked === undefined ? chooseX(cells, varying, taken) : keyName(xAsked);
  const facet =
    facetAsked === undefined
      ? varying.find((key) => key === 'activation' && key !== x && !taken.includes(key))
      : keyName(facetAsked);
  const color = asked ?? varying.filter((key) => key !== x && key !== facet);
  const encoding = { x, facet, color, scale: { x: scaleOf('x', figure, options), y: scaleOf('y', figure, options) } };
  refuseUnusable(encoding, cells);
  return encoding;
}

function scaleOf(axis: 'x' | 'y', figure: Figure, { log = [], linear = [] }: DrawOptions): Scale {
  if (log.includes(axis) && linear.includes(axis)) {
    throw new EdgesweepError('USAGE', `the ${axis} axis cannot be both linear and logarithmic`, {
      where: `--log ${axis} --linear ${axis}`,
      fix: 'omit one of the two',
    });
  }
  return log.includes(axis) ? 'log' : linear.includes(axis) ? 'linear' : (figure.scale?.[axis] ?? 'linear');
}

function refuseUnusable({ x, facet, color, scale }: Encoding, cells: readonly Cell[]): void {
  const keys = [x, ...(facet === undefined ? [] : [facet]), ...color];
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) {
    throw new EdgesweepError('USAGE', `\`${twice}\` is used in two places of the figure`, {
      expected: 'along the horizontal axis, in panels or in lines',
      got: keys.join(', '),
      fix: 'use different keys for --x, --facet and --by',
    });
  }
  const name = cells.map((cell) => cellValue(cell, x)).find((value) => typeof value !== 'number');
  if (scale.x === 'log' && name !== undefined) {
    const details = { expected: 'only numbers', got: String(name), fix: 'use --linear x, or another key with --x' };
    throw new EdgesweepError('USAGE', `\`${x}\` has no logarithm`, details);
  }
}

function chooseX(cells: readonly Cell[], varying: readonly string[], taken: readonly string[]): string {
  const free = varying.filter((key) => !taken.includes(key));
  const numbers = (key: string) => {
    const values = new Set(cells.map((cell) => cellValue(cell, key)));
    return [...values].every((value) => typeof value === 'number') ? values.size : 0;
  };
  const [best] = free.toSorted((a, b) => numbers(b) - numbers(a));
  return best ?? 'activation';
}
