/**
 * The matrix products of the objective, for `assembly/tiles.ts`, unrolled over register tiles like those of `tiles.mjs`.
 *
 * Here the lanes are examples of one network. Values lie [quad][unit][16 examples]: a quad is four groups of four examples, and a
 * unit's values of a quad are a cache line, so that one pointer serves all vectors. Parameters are plain float32 as in `blocksOf`,
 * [output][input], each spread over the lanes as it is loaded, which costs no more than loading it; `row` inputs apart where only a
 * chunk of the inputs is taken. The sums over examples are in
 * `example-sums.mjs`.
 */
import { lines, range, tiled } from './tiled.mjs';

/** the vectors that a unit's 16 values of a quad take */
const vectorsOf = (lanes) => range(16 / lanes);
const accumulators = (lanes, J, f) => lines(range(J), (j) => lines(vectorsOf(lanes), (e) => f(e, j)));

/** The values of a unit, times J splatted weights, added to the J sums. */
const addProducts = (lanes, J, values, weight) => `
  ${lines(vectorsOf(lanes), (e) => `const v${e} = v128.load(${values}, ${e} * BYTES);`)}
  ${lines(range(J), (j) => `const u${j} = v128.load32_splat(${weight(j)});\n${lines(vectorsOf(lanes), (e) => `a${e}_${j} = f32x4.add(a${e}_${j}, f32x4.mul(v${e}, u${j}));`)}`)}`;

/**
 * z[e][j] = bias[j] + sum over i ascending of x[e][i] w[j][i], of each pair of x and w in turn; with `resume` z[e][j] instead of
 * bias[j]; with `rectify` ReLU of that
 */
const affine = (lanes, name, pairs, sizesJ) => `
export function ${name}(${lines(pairs, (k) => `x${k}: usize, w${k}: usize,`)} bias: usize, z: usize, row: i32, inputs: i32, outputs: i32, quads: i32, resume: bool, rectify: bool): void {
  const rowBytes = <usize>row << 2, inputBytes = <usize>inputs << 6;
  for (; quads > 0; quads--) {
    ${tiled(
      'j',
      'outputs',
      sizesJ,
      ([J]) => `
    ${lines(range(J), (j) => `const b${j} = v128.load32_splat(bias + (<usize>j << 2), ${4 * j});`)}
    ${accumulators(lanes, J, (e, j) => `let a${e}_${j} = b${j};`)}
    if (resume) {
      ${accumulators(lanes, J, (e, j) => `a${e}_${j} = v128.load(z, ${64 * j} + ${e} * BYTES);`)}
    }
    ${lines(
      pairs,
      (k) => `{
      let p = x${k};
      ${lines(range(J), (j) => `let r${j} = w${k} + (<usize>j + ${j}) * rowBytes;`)}
      for (const end = p + inputBytes; p < end; p += 64) {
        ${addProducts(lanes, J, 'p', (j) => `r${j}`)}
        ${lines(range(J), (j) => `r${j} += 4;`)}
      }
    }`,
    )}
    if (rectify) {
      ${accumulators(lanes, J, (e, j) => `a${e}_${j} = f32x4.pmax(a${e}_${j}, f32x4.splat(0));`)}
    }
    ${accumulators(lanes, J, (e, j) => `v128.store(z, a${e}_${j}, ${64 * j} + ${e} * BYTES);`)}
    z += ${64 * J};`,
    )}
    ${lines(pairs, (k) => `x${k} += inputBytes;`)}
  }
}`;

/** d[e][i] = sum over j ascending of w[j][i] delta[e][j], of each pair of delta and w in turn */
const transposed = (lanes, name, pairs, sizesI) => `
export function ${name}(${lines(pairs, (k) => `delta${k}: usize, w${k}: usize,`)} d: usize, inputs: i32, outputs: i32, quads: i32): void {
  const rowBytes = <usize>inputs << 2, outputBytes = <usize>outputs << 6;
  for (; quads > 0; quads--) {
    ${tiled(
      'i',
      'inputs',
      sizesI,
      ([I]) => `
    ${accumulators(lanes, I, (e, i) => `let a${e}_${i} = f32x4.splat(0);`)}
    ${lines(
      pairs,
      (k) => `{
      let p = delta${k}, w = w${k} + (<usize>i << 2);
      for (const end = p + outputBytes; p < end; p += 64, w += rowBytes) {
        ${addProducts(lanes, I, 'p', (i) => `w, ${4 * i}`)}
      }
    }`,
    )}
    ${accumulators(lanes, I, (e, i) => `v128.store(d, a${e}_${i}, ${64 * i} + ${e} * BYTES);`)}
    d += ${64 * I};`,
    )}
    ${lines(pairs, (k) => `delta${k} += outputBytes;`)}
  }
}`;

/** Eight sums, six operands and a product fill the 15 vector registers that V8 has on x86-64. */
export const objectiveTiles = (lanes) => {
  const sizes = [8, 4, 2, 1].filter((size) => size <= lanes / 2);
  return [
    affine(lanes, 'affine', ['A'], sizes),
    affine(lanes, 'affineOfPairs', ['A', 'B'], sizes),
    transposed(lanes, 'transposed', ['A'], sizes),
    transposed(lanes, 'transposedOfPairs', ['A', 'B'], sizes),
  ];
};
