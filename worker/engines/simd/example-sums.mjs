/**
 * The sums over examples of the objective, for `assembly/example-sums.ts`. Here a vector is the contract's four partial sums, whatever the
 * machine's vectors hold. Values lie as in `objective-tiles.mjs`, gradients as the parameters do, but with their partial sums: 16 bytes each.
 */
import { lines, range, tiled } from './tiled.mjs';

/**
 * `body` for each group in order, from pointers [name, bytes of a quad]. A body for each of the four groups of a quad would save a few
 * instructions, but V8 moves all loads of straight code to its begin, and runs out of registers.
 */
const overGroups = (pointers, body) => `
  for (let left = groups; left > 0; left -= 4) {
    for (let n = min(left, 4); n > 0; n--) {
      ${body}
    }
    ${lines(pointers, ([p, bytes]) => `${p} += ${bytes} - 64;`)}
  }`;

/** g[j][i] = (first ? 0 : g[j][i]) + sum over e ascending of delta[e][j] h[e][i] */
const outer = (shapes) => `
export function outer(delta: usize, h: usize, g: usize, first: bool, row: i32, inputs: i32, outputs: i32, groups: i32): void {
  const rowBytes = <usize>row << 4, inputBytes = <usize>inputs << 6, outputBytes = <usize>outputs << 6;
  ${outerTiles(
    shapes,
    (I, J) => `
    let p = h + (<usize>i << 6), d = delta + (<usize>j << 6);
    ${overGroups(
      [
        ['p', 'inputBytes'],
        ['d', 'outputBytes'],
      ],
      `${addOuter(I, J)}
      p += 16;
      d += 16;`,
    )}`,
  )}
}`;

/**
 * The same of two pairs of delta and h, in turn for each e. One body does both, with the pointers exchanged, for the registers again.
 */
const outerOfPairs = (shapes) => `
export function outerOfPairs(delta: usize, h: usize, delta2: usize, h2: usize, g: usize, first: bool, row: i32, inputs: i32, outputs: i32, groups: i32): void {
  const rowBytes = <usize>row << 4, inputBytes = <usize>inputs << 6, outputBytes = <usize>outputs << 6;
  ${outerTiles(
    shapes,
    (I, J) => `
    let p = h + (<usize>i << 6), d = delta + (<usize>j << 6), p2 = h2 + (<usize>i << 6), d2 = delta2 + (<usize>j << 6);
    for (let left = groups; left > 0; left -= 4) {
      for (let n = min(left, 4) << 1; n > 0; n--) {
        ${addOuter(I, J)}
        const q = p + 16, f = d + 16;
        p = p2;
        d = d2;
        p2 = q;
        d2 = f;
      }
      p += inputBytes - 64;
      d += outputBytes - 64;
      p2 += inputBytes - 64;
      d2 += outputBytes - 64;
    }`,
  )}
}`;

function outerTiles(shapes, body) {
  return tiled('j', 'outputs', shapes, ([J, sizesI]) =>
    tiled(
      'i',
      'inputs',
      sizesI,
      ([I]) => `
    const tile = g + <usize>j * rowBytes + (<usize>i << 4);
    ${lines(range(I), (i) => lines(range(J), (j) => `let a${i}_${j} = f32x4.splat(0);`))}
    if (!first) {
      ${lines(range(J), (j) => `const g${j} = tile + ${j} * rowBytes;\n${lines(range(I), (i) => `a${i}_${j} = v128.load(g${j}, ${16 * i});`)}`)}
    }
    ${body(I, J)}
    ${lines(range(J), (j) => `const t${j} = tile + ${j} * rowBytes;\n${lines(range(I), (i) => `v128.store(t${j}, a${i}_${j}, ${16 * i});`)}`)}`,
    ),
  );
}

const addOuter = (I, J) => `
  ${lines(range(I), (i) => `const v${i} = v128.load(p, ${64 * i});`)}
  ${lines(range(J), (j) => `const u${j} = v128.load(d, ${64 * j});\n${lines(range(I), (i) => `a${i}_${j} = f32x4.add(a${i}_${j}, f32x4.mul(u${j}, v${i}));`)}`)}`;

/** g[j] = (first ? 0 : g[j]) + sum over e ascending of delta[e][j] */
const sums = (sizesJ) => `
export function sums(delta: usize, g: usize, first: bool, outputs: i32, groups: i32): void {
  const outputBytes = <usize>outputs << 6;
  ${tiled(
    'j',
    'outputs',
    sizesJ,
    ([J]) => `
    let d = delta + (<usize>j << 6);
    ${lines(range(J), (j) => `let a${j} = f32x4.splat(0);`)}
    if (!first) {
      ${lines(range(J), (j) => `a${j} = v128.load(g, ${16 * j});`)}
    }
    ${overGroups([['d', 'outputBytes']], `${lines(range(J), (j) => `a${j} = f32x4.add(a${j}, v128.load(d, ${64 * j}));`)}\nd += 16;`)}
    ${lines(range(J), (j) => `v128.store(g, a${j}, ${16 * j});`)}
    g += ${16 * J};`,
  )}
}`;

/** Eight sums, six operands and a product fill the 15 vector registers that V8 has on x86-64. */
export const exampleSums = () =>
  ['// Written by example-sums.mjs; do not edit.', outer(SHAPES), outerOfPairs(SHAPES), sums([5, 1])].join('\n');

const SHAPES = [
  [4, [2, 1]],
  [2, [4, 2, 1]],
  [1, [5, 1]],
];
