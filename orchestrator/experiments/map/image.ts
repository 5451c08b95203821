import { encode } from 'fast-png';
import { CLASSES, type Field } from './field.ts';

type Color = readonly [red: number, green: number, blue: number];

/** Blue for trainings that converge and orange for those that diverge, both lighter towards the boundary: safe for the colour-blind. */
export const BLUES = ['#053061', '#c6e0f0'] as const;
export const ORANGES = ['#7f2704', '#fde0c0'] as const;
const NEITHER: Color = [150, 150, 150];
const MISSING: Color = [255, 255, 255];

const parse = (hex: string): Color =>
  [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Color;
const [blues, oranges] = [BLUES, ORANGES].map((pair) => pair.map(parse));

const between = ([from, to]: readonly Color[], share: number): Color => {
  const t = Math.min(1, Math.max(0, share));
  return from.map((value, k) => Math.round(value + (to[k] - value) * t)) as unknown as Color;
};

/** Pixels along a side, at least: viewers smooth a picture that they enlarge, so points are enlarged here. */
const LEAST_PIXELS = 1000;

/** A field as PNG, a square of pixels for each point, the highest y above. @param steps of a training: the last iteration of a divergence */
export function imageOf({ points, classes, shade }: Field, steps: number): Uint8Array {
  const size = Math.ceil(LEAST_PIXELS / points);
  const side = size * points;
  const data = new Uint8Array(3 * side * side);
  for (let row = 0; row < points; row++) {
    const top = side * size * (points - 1 - row);
    for (let column = 0; column < points; column++) {
      const at = points * row + column;
      const color = colorOf(classes[at], shade[at], steps);
      for (let i = 0; i < size; i++) data.set(color, 3 * (top + size * column + i));
    }
    for (let i = 1; i < size; i++) data.copyWithin(3 * (top + i * side), 3 * top, 3 * (top + side));
  }
  return encode({ width: side, height: side, data, channels: 3 });
}

function colorOf(kind: number, shade: number, steps: number): Color {
  if (kind === CLASSES.converged) return between(blues, shade);
  // a logarithmic scale from 1 to the last step
  if (kind === CLASSES.diverged) return between(oranges, steps === 1 ? 0 : Math.log(shade) / Math.log(steps));
  return kind === CLASSES.neither ? NEITHER : MISSING;
}
