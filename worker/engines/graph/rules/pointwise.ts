import { ACTIVATIONS } from '../../../../shared/mod.ts';
import { ACTIVATION_FUNCTIONS } from '../../reference/activations.ts';
import { QUAD } from '../operations.ts';
import { f, type Rule } from './rule.ts';

/** Activations with their derivatives, and averages of neighbours. */
export const POINTWISE = {
  /** h = f(z) in the place of z, which is kept in that of s: the slope of some functions needs it */
  activate({ floats, operands: [kind, h, z, units] }) {
    const { value } = ACTIVATION_FUNCTIONS[ACTIVATIONS[kind]];
    floats.copyWithin(z / 4, h / 4, h / 4 + QUAD * units);
    for (let k = h / 4; k < h / 4 + QUAD * units; k++) floats[k] = value(floats[k]);
  },
  /** s = f'(z), q = d f''(z), and d f'(z) in the place of d */
  'through-slope'({ floats, operands: [kind, d, h, s, q, units] }) {
    const { slope, curvature } = ACTIVATION_FUNCTIONS[ACTIVATIONS[kind]];
    for (let k = 0; k < QUAD * units; k++) {
      const [value, z, delta] = [floats[h / 4 + k], floats[s / 4 + k], floats[d / 4 + k]];
      const of = slope(value, z);
      floats[q / 4 + k] = f(delta * curvature(value, of, z));
      floats[s / 4 + k] = of;
      floats[d / 4 + k] = f(delta * of);
    }
  },
  /** R{h} = s R{z} */
  'r-through-slope'({ floats, operands: [, rz, , s, rh, units] }) {
    for (let k = 0; k < QUAD * units; k++) floats[rh / 4 + k] = f(floats[s / 4 + k] * floats[rz / 4 + k]);
  },
  /** s R{d} + q R{z} in the place of R{d} */
  'r-delta'({ floats, operands: [, rd, , s, q, , rz, units] }) {
    for (let k = 0; k < QUAD * units; k++) {
      const [of, bend] = [floats[s / 4 + k], floats[q / 4 + k]];
      floats[rd / 4 + k] = f(f(of * floats[rd / 4 + k]) + f(bend * floats[rz / 4 + k]));
    }
  },
  /** Averages over squares of 2 x 2: ((a + b) + (c + d)) / 4, a and b above c and d; an odd row or column is left out. */
  pool({ floats, operands: [from, to, channels, side] }) {
    const half = side >> 1;
    for (let k = 0; k < channels * half * half; k++) {
      const first = from / 4 + QUAD * cornerOf(k, side);
      for (let e = first; e < first + QUAD; e++) {
        const above = f(floats[e] + floats[e + QUAD]);
        const below = f(floats[e + QUAD * side] + floats[e + QUAD * (side + 1)]);
        floats[to / 4 + QUAD * k + e - first] = f(0.25 * f(above + below));
      }
    }
  },
  /** A quarter of each average's value to the four; 0 to what is left out. */
  unpool({ floats, operands: [from, to, channels, side] }) {
    const half = side >> 1;
    floats.fill(0, to / 4, to / 4 + QUAD * channels * side * side);
    for (let k = 0; k < channels * half * half; k++) {
      for (const place of [0, 1, side, side + 1]) {
        const first = to / 4 + QUAD * (cornerOf(k, side) + place);
        for (let e = 0; e < QUAD; e++) floats[first + e] = f(0.25 * floats[from / 4 + QUAD * k + e]);
      }
    }
  },
} satisfies Record<string, Rule>;

/** The first of the four values of average k, in units. */
function cornerOf(k: number, side: number): number {
  const half = side >> 1;
  const [channel, row, column] = [Math.floor(k / half / half), Math.floor(k / half) % half, k % half];
  return channel * side * side + 2 * row * side + 2 * column;
}
