/**
 * The matrix products of the objective, for `assembly/tiles.ts`, unrolled over register tiles like those of `tiles.mjs`.
 *
 * Here the lanes are four examples of one network. Values lie [quad][unit][16 examples]: a quad is four groups of four examples, and a
 * unit's values of a quad are a cache line, so that one pointer serves all four. Parameters are plain float32 as in `blocksOf`,
 * [output][input], each spread over the lanes as it is loaded, which costs no more than loading it; `row` inputs apart where only a
 * chunk of the inputs is taken. Gradients lie as the parameters do, but with their four partial sums: 16 bytes each.
 */
import { lines, range, tiled } from './tiled.mjs';

const GROUPS = range(4);
const accumulators = (J, f) => lines(range(J), (j) => lines(GROUPS, (e) => f(e, j)));

/** Four values of a unit, times J splatted weights, added to the J sums. */
const addProducts = (J, values, weight) => `
  ${lines(GROUPS, (e) => `const v${e} = v128.load(${values}, ${16 * e});`)}
  ${lines(range(J), (j) => `const u${j} = v128.load32_splat(${weight(j)});\n${lines(GROUPS, (e) => `a${e}_${j} = f32x4.add(a${e}_${j}, f32x4.mul(v${e}, u${j}));`)}`)}`;

/**
 * z[e][j] = bias[j] + sum over i ascending of x[e][i] w[j][i], of each pair of x and w in turn; with `resume` z[e][j] instead of
 * bias[j]; with `rectify` ReLU of that
 */
const affine = (name, pairs, sizesJ) => `
export function ${name}(${lines(pairs, (k) => `x${k}: usize, w${k}: usize,`)} bias: usize, z: usize, row: i32, inputs: i32, outputs: i32, quads: i32, resume: bool, rectify: bool): void {
  const rowBytes = <usize>row << 2, inputBytes = <usize>inputs << 6;
  for (; quads > 0; quads--) {
    ${tiled(
      'j',
      'outputs',
      sizesJ,
      ([J]) => `
    ${lines(range(J), (j) => `const b${j} = v128.load32_splat(bias + (<usize>j << 2), ${4 * j});`)}
    ${accumulators(J, (e, j) => `let a${e}_${j} = b${j};`)}
    if (resume) {
      ${accumulators(J, (e, j) => `a${e}_${j} = v128.load(z, ${64 * j + 16 * e});`)}
    }
    ${lines(
      pairs,
      (k) => `{
      let p = x${k};
      ${lines(range(J), (j) => `let r${j} = w${k} + (<usize>j + ${j}) * rowBytes;`)}
      for (const end = p + inputBytes; p < end; p += 64) {
        ${addProducts(J, 'p', (j) => `r${j}`)}
        ${lines(range(J), (j) => `r${j} += 4;`)}
      }
    }`,
    )}
    if (rectify) {
      ${accumulators(J, (e, j) => `a${e}_${j} = f32x4.pmax(a${e}_${j}, f32x4.splat(0));`)}
    }
    ${accumulators(J, (e, j) => `v128.store(z, a${e}_${j}, ${64 * j + 16 * e});`)}
    z += ${64 * J};`,
    )}
    ${lines(pairs, (k) => `x${k} += inputBytes;`)}
  }
}`;

/** d[e][i] = sum over j ascending of w[j][i] delta[e][j], of each pair of delta and w in turn */
const transposed = (name, pairs, sizesI) => `
export function ${name}(${lines(pairs, (k) => `delta${k}: usize, w${k}: usize,`)} d: usize, inputs: i32, outputs: i32, quads: i32): void {
  const rowBytes = <usize>inputs << 2, outputBytes = <usize>outputs << 6;
  for (; quads > 0; quads--) {
    ${tiled(
      'i',
      'inputs',
      sizesI,
      ([I]) => `
    ${accumulators(I, (e, i) => `let a${e}_${i} = f32x4.splat(0);`)}
    ${lines(
      pairs,
      (k) => `{
      let p = delta${k}, w = w${k} + (<usize>i << 2);
      for (const end = p + outputBytes; p < end; p += 64, w += rowBytes) {
        ${addProducts(I, 'p', (i) => `w, ${4 * i}`)}
      }
    }`,
    )}
    ${accumulators(I, (e, i) => `v128.store(d, a${e}_${i}, ${64 * i + 16 * e});`)}
    d += ${64 * I};`,
    )}
    ${lines(pairs, (k) => `delta${k} += outputBytes;`)}
  }
}`;

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
export const objectiveTiles = () => [
  affine('affine', ['A'], [2, 1]),
  affine('affineOfPairs', ['A', 'B'], [2, 1]),
  transposed('transposed', ['A'], [2, 1]),
  transposed('transposedOfPairs', ['A', 'B'], [2, 1]),
  outer([
    [4, [2, 1]],
    [2, [4, 2, 1]],
    [1, [5, 1]],
  ]),
  outerOfPairs([
    [4, [2, 1]],
    [2, [4, 2, 1]],
    [1, [5, 1]],
  ]),
  sums([5, 1]),
];
