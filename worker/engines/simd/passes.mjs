/**
 * What an objective does with every value between two matrix products, for `assembly/tiles.ts`: a loop for each activation. Written out,
 * since Binaryen makes one loop with a test in it of loops that differ by a constant.
 *
 * `reference/objective.ts` has s = f'(z) and q = d f''(z). Few arrays of them are kept, for reading an array costs more than a few operations:
 *
 * - s comes from h = f(z), but for softplus, GELU and SiLU, where that takes an exponential and s is kept;
 * - q is kept, but for the activations of straight pieces, where it is 0 or, where d overflowed, NaN: delta times 0. The sign of a 0 does
 *   not matter, since q only comes into sums that began at 0.
 */
import { lines, range } from './tiled.mjs';

/** [f'(z), f''(z)] from h = f(z) and s = f'(z); none for f'(z) = 1 */
const OF_VALUE = {
  LINEAR: [],
  TANH: ['f32x4.sub(one, f32x4.mul(h, h))', 'f32x4.mul(f32x4.mul(minusTwo, h), s)'],
  RELU: ['v128.and(one, f32x4.gt(h, zero))'],
  SIGMOID: ['f32x4.mul(h, f32x4.sub(one, h))', 'f32x4.mul(s, f32x4.sub(one, f32x4.add(h, h)))'],
  LEAKY_RELU: ['v128.bitselect(leak, one, f32x4.lt(h, zero))'],
  ELU: ['v128.bitselect(one, f32x4.add(h, one), f32x4.gt(h, zero))', 'v128.bitselect(zero, s, f32x4.gt(h, zero))'],
};

/** f'(z) from h, or from z that was kept in the place of s, and f''(z) */
const KEPT = {
  SOFTPLUS: {
    slope: 'f32x4.neg(expm1Negative(v128.load(ph, OFFSET)))',
    curvature: 'f32x4.mul(s, f32x4.sub(one, s))',
  },
  GELU: {
    before: 'const z = v128.load(ps, OFFSET), density = normalDensity(z);',
    slope: 'f32x4.add(normalCdf(z, density), f32x4.mul(z, density))',
    curvature: 'f32x4.mul(density, f32x4.sub(f32x4.splat(2), f32x4.mul(z, z)))',
  },
  SILU: {
    before: 'const z = v128.load(ps, OFFSET), value = sigmoid(z), rest = f32x4.sub(one, value);',
    slope: 'f32x4.mul(value, f32x4.add(one, f32x4.mul(z, rest)))',
    curvature:
      'f32x4.mul(f32x4.mul(value, rest), f32x4.add(f32x4.splat(2), f32x4.mul(z, f32x4.sub(one, f32x4.add(value, value)))))',
  },
};

/** A loop over the pointers, a unit's 16 values of a quad at a time, of the values that the first has in `bytes`; OFFSET is the vector's. */
const over = (lanes, pointers, body) => `{
  for (const end = ${pointers[0]} + bytes; ${pointers[0]} < end; ) {
    ${lines(range(16 / lanes), (k) => `{\n${body.replaceAll('OFFSET', `${k} * BYTES`)}\n}`)}
    ${lines(pointers, (p) => `${p} += 64;`)}
  }
  return;
}`;

/** `body` with s at hand, of the activations whose slope comes from h and, where it is kept, by default */
const withSlope = (lanes, straight, pointers, body) => `
  switch (kind) {
    case LINEAR: ${straight}
    ${lines(
      Object.entries(OF_VALUE).filter(([, [slope]]) => slope),
      ([name, [slope, curvature]]) =>
        `case ${name}: ${over(lanes, ['ph', ...pointers], `const h = v128.load(ph, OFFSET), s = ${slope};\n${body(curvature)}`)}`,
    )}
    default: ${over(lanes, ['ps', ...pointers], `const s = v128.load(ps, OFFSET);\n${body(true)}`)}
  }`;

const CONSTANTS =
  'const zero = f32x4.splat(0), one = constant(ONE), minusTwo = constant(MINUS_TWO), leak = constant(LEAK);';

/** delta = s d in place of d, over `bytes` of values; keeps q, and s where it is kept. */
const throughSlope = (lanes) => `
export function throughSlope(kind: i32, pd: usize, ph: usize, ps: usize, pq: usize, bytes: usize): void {
  ${CONSTANTS}
  switch (kind) {
    case LINEAR: return;
    ${lines(
      Object.entries(OF_VALUE).filter(([, [slope]]) => slope),
      ([name, [slope, curvature]]) =>
        `case ${name}: ${over(
          lanes,
          curvature ? ['ph', 'pd', 'pq'] : ['ph', 'pd'],
          `const h = v128.load(ph, OFFSET), d = v128.load(pd, OFFSET), s = ${slope};
        ${curvature ? `v128.store(pq, f32x4.mul(d, ${curvature}), OFFSET);` : ''}
        v128.store(pd, f32x4.mul(d, s), OFFSET);`,
        )}`,
    )}
    ${lines(
      Object.entries(KEPT),
      ([name, { before = '', slope, curvature }]) =>
        `case ${name}: ${over(
          lanes,
          ['ph', 'pd', 'ps', 'pq'],
          `${before}
        const d = v128.load(pd, OFFSET), s = ${slope};
        v128.store(pq, f32x4.mul(d, ${curvature}), OFFSET);
        v128.store(pd, f32x4.mul(d, s), OFFSET);
        v128.store(ps, s, OFFSET);`,
        )}`,
    )}
  }
}`;

/** R{h} = s R{z}; where s is 1, they are one array */
const rThroughSlope = (lanes) => `
export function rThroughSlope(kind: i32, rz: usize, ph: usize, ps: usize, rh: usize, bytes: usize): void {
  ${CONSTANTS}
  ${withSlope(lanes, 'return;', ['rz', 'rh'], () => 'v128.store(rh, f32x4.mul(s, v128.load(rz, OFFSET)), OFFSET);')}
}`;

/** R{delta} = s R{d} + q R{z} in place of R{d} */
const rDelta = (lanes) => `
export function rDelta(kind: i32, rd: usize, ph: usize, ps: usize, pq: usize, delta: usize, rz: usize, bytes: usize): void {
  ${CONSTANTS}
  ${withSlope(
    lanes,
    over(
      lanes,
      ['rd', 'delta', 'rz'],
      'v128.store(rd, f32x4.add(v128.load(rd, OFFSET), f32x4.mul(f32x4.mul(v128.load(delta, OFFSET), zero), v128.load(rz, OFFSET))), OFFSET);',
    ),
    ['rd', 'pq', 'delta', 'rz'],
    (kept) =>
      `const q = ${kept ? 'v128.load(pq, OFFSET)' : 'f32x4.mul(v128.load(delta, OFFSET), zero)'};
      v128.store(rd, f32x4.add(f32x4.mul(s, v128.load(rd, OFFSET)), f32x4.mul(q, v128.load(rz, OFFSET))), OFFSET);`,
  )}
}`;

/** Activations whose q, and whose s, is kept. */
const kept = `
export function keepsCurvature(kind: i32): bool {
  return ${[...Object.keys(OF_VALUE).filter((name) => OF_VALUE[name][1]), ...Object.keys(KEPT)].map((name) => `kind == ${name}`).join(' || ')};
}
export function keepsSlope(kind: i32): bool {
  return ${Object.keys(KEPT)
    .map((name) => `kind == ${name}`)
    .join(' || ')};
}`;

export const PASSES_IMPORTS = `
import { ${[...Object.keys(OF_VALUE), ...Object.keys(KEPT)].join(', ')} } from './kinds';
import { constant, expm1Negative, LEAK, MINUS_TWO, normalCdf, normalDensity, ONE, sigmoid } from './functions';`;

export const passes = (lanes) => [throughSlope(lanes), rThroughSlope(lanes), rDelta(lanes), kept];
