/**
 * The contractions of graphs, for `assembly/tiles.ts`, unrolled over register tiles. What they compute, in which order, is in
 * `graph/reference.ts`. Values lie [unit][16 examples], in one vector of 16 lanes or several of fewer; a register tile is some outputs
 * of a position, which share what they load of x.
 */
import { lines, range, tiled } from './tiled.mjs';

/** the vectors of a unit */
const vectorsOf = (lanes) => range(16 / lanes);

/**
 * target[j] = start + sum over terms of x[term] w[j][term], at each position; w parameters, or values of the examples
 *
 * @param start 0: zero, 1: the bias, 2: target[j]
 */
const contract = (lanes, name, isPair, sizesJ) => `
export function ${name}(arena: usize, positions: usize, count: i32, x: usize, w: usize, bias: usize, target: usize, targetStep: usize, wStep: usize, start: i32): void {
  for (const end = positions + (<usize>count << 5); positions < end; positions += 32) {
    const px = x + <usize>load<u32>(positions, 4), pw = w + <usize>load<u32>(positions, 8), pb = bias + <usize>load<u32>(positions, 12);
    const terms = arena + <usize>load<u32>(positions, 16), last = terms + (<usize>load<u32>(positions, 20) << 3), outputs = load<i32>(positions, 24);
    let to = target + <usize>load<u32>(positions);
    ${tiled(
      'j',
      'outputs',
      sizesJ,
      ([J]) => `
    const w0 = pw + <usize>j * wStep;
    ${lines(range(J - 1), (j) => `const w${j + 1} = w${j} + wStep;`)}
    ${lines(range(J), (j) => lines(vectorsOf(lanes), (e) => `let a${e}_${j} = f32x4.splat(0);`))}
    if (start == 1) {
      ${lines(range(J), (j) => `const b${j} = v128.load32_splat(pb + (<usize>j << 2), ${4 * j});\n${lines(vectorsOf(lanes), (e) => `a${e}_${j} = b${j};`)}`)}
    } else if (start == 2) {
      ${lines(range(J), (j) => `const t${j} = to + ${j} * targetStep;\n${lines(vectorsOf(lanes), (e) => `a${e}_${j} = v128.load(t${j}, ${e} * BYTES);`)}`)}
    }
    for (let t = terms; t < last; t += 8) {
      const p = px + <usize>load<i32>(t), q = <usize>load<i32>(t, 4);
      ${lines(vectorsOf(lanes), (e) => `const v${e} = v128.load(p, ${e} * BYTES);`)}
      ${lines(range(J), (j) =>
        isPair
          ? `const r${j} = w${j} + q;\n${lines(vectorsOf(lanes), (e) => `a${e}_${j} = f32x4.add(a${e}_${j}, f32x4.mul(v${e}, v128.load(r${j}, ${e} * BYTES)));`)}`
          : `const u${j} = v128.load32_splat(w${j} + q);\n${lines(vectorsOf(lanes), (e) => `a${e}_${j} = f32x4.add(a${e}_${j}, f32x4.mul(v${e}, u${j}));`)}`,
      )}
    }
    ${lines(range(J), (j) => `const s${j} = to + ${j} * targetStep;\n${lines(vectorsOf(lanes), (e) => `v128.store(s${j}, a${e}_${j}, ${e} * BYTES);`)}`)}
    to += ${J} * targetStep;`,
    )}
  }
}`;

/** g[j][i] += sum over positions of d[position][j] x[position][i], a vector of the partial sums after the other */
const contribute = (shapes) => `
export function contribute(positions: usize, count: i32, d: usize, x: usize, g: usize, outputs: i32, dStep: usize, gOutputStep: usize, inputs: i32, xStep: usize, gInputStep: usize): void {
  const end = positions + (<usize>count << 3);
  for (let v: usize = 0; v < 64; v += BYTES) {
    ${tiled('j', 'outputs', shapes, ([J, sizesI]) =>
      tiled(
        'i',
        'inputs',
        sizesI,
        ([I]) => `
      const d0 = d + v + <usize>j * dStep, x0 = x + v + <usize>i * xStep, g0 = g + v + <usize>j * gOutputStep + <usize>i * gInputStep;
      ${lines(range(J - 1), (j) => `const d${j + 1} = d${j} + dStep, g${j + 1} = g${j} + gOutputStep;`)}
      ${lines(range(I - 1), (i) => `const x${i + 1} = x${i} + xStep;`)}
      ${lines(range(J), (j) => lines(range(I), (i) => `let a${i}_${j} = v128.load(g${j} + ${i} * gInputStep);`))}
      for (let p = positions; p < end; p += 8) {
        const ofD = <usize>load<u32>(p), ofX = <usize>load<u32>(p, 4);
        ${lines(range(I), (i) => `const v${i} = v128.load(x${i} + ofX);`)}
        ${lines(range(J), (j) => `const u${j} = v128.load(d${j} + ofD);\n${lines(range(I), (i) => `a${i}_${j} = f32x4.add(a${i}_${j}, f32x4.mul(u${j}, v${i}));`)}`)}
      }
      ${lines(range(J), (j) => lines(range(I), (i) => `v128.store(g${j} + ${i} * gInputStep, a${i}_${j});`))}`,
      ),
    )}
  }
}`;

/** With 15 vector registers eight sums and their operands; with 32 sixteen. */
export const graphTiles = (lanes) => {
  const sizes = [8, 4, 2, 1].filter((size) => size <= lanes / 2);
  const inputs = lanes === 16 ? [4, 2, 1] : [2, 1];
  return [
    contract(lanes, 'weigh', false, sizes),
    contract(lanes, 'pair', true, sizes),
    contribute([
      [4, inputs],
      [1, inputs],
    ]),
  ];
};
