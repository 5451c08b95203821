/**
 * Writes `assembly/tiles.ts`: the three matrix products of a training step, unrolled over register tiles.
 *
 * Every element of a product is one sum in the fixed order of the contract, whatever the tile, so tile shapes change the
 * speed and never a bit. A tile of 4 x 2 accumulators with its 6 operands and a product fills the 15 vector registers that
 * V8 has on x86-64, and leaves no remainder at width 10.
 *
 * Values are `v128`: four lanes, one network each. Arrays lie row by row: activations [example][unit], weights
 * [input][output]. The products of the objective are in `objective-tiles.mjs`.
 */
import { graphTiles } from './graph-tiles.mjs';
import { objectiveTiles } from './objective-tiles.mjs';
import { PASSES_IMPORTS, passes } from './passes.mjs';
import { lines, range, tiled } from './tiled.mjs';

/**
 * z[e][j] = bias[j] + sum over i ascending of x[e][i] * w[i][j], or with `resume` z[e][j] instead of bias[j]; with `rectify` ReLU of that,
 * which is too cheap for a pass of its own. Rows of x are `row` bytes apart.
 */
const forward = (name, { step, load }, shapes) => `
export function ${name}(x: usize, row: usize, w: usize, bias: usize, z: usize, inputs: i32, outputs: i32, examples: i32, resume: bool, rectify: bool): void {
  const inputBytes = <usize>inputs * ${step}, outputBytes = <usize>outputs * BYTES;
  ${tiled('e', 'examples', shapes, ([E, sizesJ]) =>
    tiled(
      'j',
      'outputs',
      sizesJ,
      ([J]) => `
    const column = <usize>j * BYTES;
    ${lines(range(E), (e) => `let x${e} = x + (<usize>e + ${e}) * row;`)}
    let p = w + column;
    ${lines(range(E), (e) => `const z${e} = z + (<usize>e + ${e}) * outputBytes + column;\nconst s${e} = resume ? z${e} : bias + column;`)}
    ${lines(range(E), (e) => lines(range(J), (j) => `let a${e}_${j} = v128.load(s${e}, ${j} * BYTES);`))}
    for (const end = x0 + inputBytes; x0 < end; ) {
      ${lines(range(E), (e) => `const v${e} = ${load(`x${e}`)};`)}
      ${lines(range(J), (j) => `const w${j} = held(v128.load(p, ${j} * BYTES));\n${lines(range(E), (e) => `a${e}_${j} = f32x4.add(a${e}_${j}, f32x4.mul(v${e}, w${j}));`)}`)}
      ${lines(range(E), (e) => `x${e} += ${step};`)}
      p += outputBytes;
    }
    if (rectify) {
 ${lines(range(E), (e) => lines(range(J), (j) => `a${e}_${j} = f32x4.pmax(a${e}_${j}, f32x4.splat(0));`))}
 }
    ${lines(range(E), (e) => lines(range(J), (j) => `v128.store(z${e}, a${e}_${j}, ${j} * BYTES);`))}`,
    ),
  )}
}`;

/**
 * d[e][i] = sum over j ascending of w[i][j] * delta[e][j]; with `rectify` 0 where h[e][i] is not above 0
 */
const backward = (shapes) => `
export function backward(delta: usize, w: usize, d: usize, h: usize, inputs: i32, outputs: i32, examples: i32, rectify: bool): void {
  const inputBytes = <usize>inputs * BYTES, outputBytes = <usize>outputs * BYTES;
  ${tiled('e', 'examples', shapes, ([E, sizesI]) =>
    tiled(
      'i',
      'inputs',
      sizesI,
      ([I]) => `
    ${lines(range(E), (e) => `let d${e} = delta + (<usize>e + ${e}) * outputBytes;`)}
    ${lines(range(I), (i) => `let w${i} = w + (<usize>i + ${i}) * outputBytes;`)}
    ${lines(range(E), (e) => `const t${e} = d + (<usize>e + ${e}) * inputBytes + (<usize>i * BYTES);`)}
    ${lines(range(E), (e) => lines(range(I), (i) => `let a${e}_${i} = f32x4.splat(0);`))}
    for (const end = d0 + outputBytes; d0 < end; ) {
      ${lines(range(E), (e) => `const v${e} = held(v128.load(d${e}));`)}
      ${lines(range(I), (i) => `const u${i} = held(v128.load(w${i}));\n${lines(range(E), (e) => `a${e}_${i} = f32x4.add(a${e}_${i}, f32x4.mul(u${i}, v${e}));`)}`)}
      ${lines(range(E), (e) => `d${e} += BYTES;`)}
      ${lines(range(I), (i) => `w${i} += BYTES;`)}
    }
    if (rectify) {
 ${lines(range(E), (e) => `const h${e} = h + (<usize>e + ${e}) * inputBytes + (<usize>i * BYTES);\n${lines(range(I), (i) => `a${e}_${i} = v128.and(a${e}_${i}, f32x4.gt(v128.load(h${e}, ${i} * BYTES), f32x4.splat(0)));`)}`)}
 }
    ${lines(range(E), (e) => lines(range(I), (i) => `v128.store(t${e}, a${e}_${i}, ${i} * BYTES);`))}`,
    ),
  )}
}`;

/**
 * g[i][j] = (first ? 0 : g[i][j]) + sum over e ascending of delta[e][j] * h[e][i];
 * in the last block of a batch the sum goes straight into the update w[i][j] -= stepSize * g[i][j].
 */
const gradient = (name, { step, load }, sizesI, sizesJ) => `
export function ${name}(delta: usize, h: usize, row: usize, g: usize, w: usize, stepSize: v128, first: bool, last: bool, inputs: i32, outputs: i32, examples: i32): void {
  const outputBytes = <usize>outputs * BYTES;
  const deltaEnd = delta + <usize>examples * outputBytes;
  ${tiled('i', 'inputs', sizesI, ([I]) =>
    tiled(
      'j',
      'outputs',
      sizesJ,
      ([J]) => `
    const tile = (<usize>i * <usize>outputs + <usize>j) * BYTES;
    let p = h + <usize>i * ${step};
    const column = <usize>j * BYTES;
    ${lines(range(I), (i) => lines(range(J), (j) => `let a${i}_${j} = f32x4.splat(0);`))}
    if (!first) {
      ${lines(range(I), (i) => `const g${i} = g + tile + ${i} * outputBytes;\n${lines(range(J), (j) => `a${i}_${j} = v128.load(g${i}, ${j} * BYTES);`)}`)}
    }
    for (let q = delta + column, end = deltaEnd + column; q < end; q += outputBytes) {
      ${lines(range(I), (i) => `const v${i} = ${load('p', `${i} * ${step}`)};`)}
      ${lines(range(J), (j) => `const u${j} = held(v128.load(q, ${j} * BYTES));\n${lines(range(I), (i) => `a${i}_${j} = f32x4.add(a${i}_${j}, f32x4.mul(u${j}, v${i}));`)}`)}
      p += row;
    }
    if (last) {
      ${lines(range(I), (i) => `const w${i} = w + tile + ${i} * outputBytes;\n${lines(range(J), (j) => `v128.store(w${i}, f32x4.sub(v128.load(w${i}, ${j} * BYTES), f32x4.mul(stepSize, a${i}_${j})), ${j} * BYTES);`)}`)}
    } else {
      ${lines(range(I), (i) => `const g${i} = g + tile + ${i} * outputBytes;\n${lines(range(J), (j) => `v128.store(g${i}, a${i}_${j}, ${j} * BYTES);`)}`)}
    }`,
    ),
  )}
}`;

/** The same for the biases: (first ? 0 : g[j]) + sum over e ascending of delta[e][j], into the update in the last block. */
const biasGradient = (sizesJ) => `
export function biasGradient(delta: usize, g: usize, b: usize, stepSize: v128, first: bool, last: bool, outputs: i32, examples: i32): void {
  const outputBytes = <usize>outputs * BYTES;
  const deltaEnd = delta + <usize>examples * outputBytes;
  ${tiled(
    'j',
    'outputs',
    sizesJ,
    ([J]) => `
    const column = <usize>j * BYTES;
    const gj = g + column, bj = b + column;
    ${lines(range(J), (j) => `let a${j} = f32x4.splat(0);`)}
    if (!first) {
      ${lines(range(J), (j) => `a${j} = v128.load(gj, ${j} * BYTES);`)}
    }
    for (let q = delta + column, end = deltaEnd + column; q < end; q += outputBytes) {
      ${lines(range(J), (j) => `a${j} = f32x4.add(a${j}, v128.load(q, ${j} * BYTES));`)}
    }
    if (last) {
      ${lines(range(J), (j) => `v128.store(bj, f32x4.sub(v128.load(bj, ${j} * BYTES), f32x4.mul(stepSize, a${j})), ${j} * BYTES);`)}
    } else {
      ${lines(range(J), (j) => `v128.store(gj, a${j}, ${j} * BYTES);`)}
    }`,
  )}
}`;

/**
 * delta = scale * (prediction - y). Returns total + the squared residuals, summed over outputs ascending for each example,
 * then over examples ascending.
 */
const residuals = (sizesJ) => `
export function residuals(prediction: usize, y: usize, delta: usize, outputs: i32, examples: i32, scale: v128, total: v128): v128 {
  for (let e = 0; e < examples; e++) {
    let sum = f32x4.splat(0);
    ${tiled(
      'j',
      'outputs',
      sizesJ,
      ([J]) => `
    ${lines(
      range(J),
      (j) => `
      const r${j} = f32x4.sub(v128.load(prediction, ${j} * BYTES), v128.load(y, ${j} * BYTES));
      sum = f32x4.add(sum, f32x4.mul(r${j}, r${j}));
      v128.store(delta, f32x4.mul(scale, r${j}), ${j} * BYTES);`,
    )}
    prediction += ${J} * BYTES;
    y += ${J} * BYTES;
    delta += ${J} * BYTES;`,
    )}
    total = f32x4.add(total, sum);
  }
  return total;
}`;

/** Where the values of the layer below come from: vectors, each lane's own, or float32 that all lanes share. */
const OWN = { step: 'BYTES', load: (p, offset = 0) => `held(v128.load(${p}, ${offset}))` };
const SHARED = { step: '4', load: (p, offset = 0) => `v128.load32_splat(${p}, ${offset})` };

/** Of `forward` and `backward`. AVX-512 has twice as many registers. */
const TILES = (lanes) => [
  [4, lanes === 16 ? [5, 2, 1] : [2, 1]],
  [1, [5, 2, 1]],
];
/** The native compiler gets along with more sums than V8. */
const GRADIENT = (lanes) => [[2, 1], lanes === 4 ? [4, 2, 1] : [5, 4, 2, 1]];
const GRADIENT_SHARED = (lanes) =>
  lanes === 16
    ? [
        [4, 2, 1],
        [5, 4, 2, 1],
      ]
    : GRADIENT(lanes);

/** Shapes measured on x86-64 (Zen 5 and, of 16 lanes, Zen 4): larger tiles spill, smaller ones load more operands a product. */
export const tiles = (lanes) =>
  [
    '// Written by tiles.mjs; do not edit.',
    "import { BYTES, held } from './lanes';",
    PASSES_IMPORTS,
    forward('forward', OWN, TILES(lanes)),
    forward('forwardShared', SHARED, TILES(lanes)),
    backward(TILES(lanes)),
    gradient('gradient', OWN, ...GRADIENT(lanes)),
    gradient('gradientShared', SHARED, ...GRADIENT_SHARED(lanes)),
    biasGradient([5, 1]),
    residuals([5, 1]),
    ...objectiveTiles(lanes),
    ...graphTiles(lanes),
    ...passes(lanes),
  ].join('\n');
