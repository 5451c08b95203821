/**
 * The contractions of graphs, for `assembly/tiles.ts`, unrolled over register tiles. What they compute, in which order, is in
 * `graph/reference.ts`. Values lie [unit][16 examples], in one vector of 16 lanes or several of fewer; a register tile is some outputs
 * of a position, which share what they load of x.
 */
import { lines, range, tiled } from './tiled.mjs';

/** the vectors of a unit */
const vectorsOf = (lanes) => range(16 / lanes);

/**
 * The sums of some outputs at P positions that have the same terms, which share what they load of w: `vectors` of them, or where that is one of
 * several, one after the other.
 */
const tile = (lanes, isPair, P, sizesJ, vectors) => {
  const each = vectors.length < 16 / lanes;
  const [from, ofV] = each ? ['for (let v: usize = 0; v < 64; v += BYTES) {', ' + v'] : ['{', ''];
  const all = (f) => lines(range(P), (p) => lines(vectors, (e) => f(p, e)));
  return tiled(
    'j',
    'outputs',
    sizesJ,
    ([J]) => `
    ${from}
    const w0 = pw${isPair ? ofV : ''} + <usize>j * wStep;
    ${lines(range(J - 1), (j) => `const w${j + 1} = w${j} + wStep;`)}
    ${lines(range(P), (p) => `const x${p} = px${p}${ofV}, t${p}_0 = to${p}${ofV};\n${lines(range(J - 1), (j) => `const t${p}_${j + 1} = t${p}_${j} + targetStep;`)}`)}
    ${all((p, e) => lines(range(J), (j) => `let a${p}_${e}_${j} = f32x4.splat(0);`))}
    if (start == 1) {
      ${lines(range(P), (p) =>
        isPair
          ? `const b${p} = pb${p}${ofV} + (<usize>j << 6);\n${lines(vectors, (e) => lines(range(J), (j) => `a${p}_${e}_${j} = v128.load(b${p}, ${64 * j} + ${e} * BYTES);`))}`
          : lines(
              range(J),
              (j) =>
                `const b${p}_${j} = v128.load32_splat(pb${p} + (<usize>j << 2), ${4 * j});\n${lines(vectors, (e) => `a${p}_${e}_${j} = b${p}_${j};`)}`,
            ),
      )}
    } else if (start == 2) {
      ${all((p, e) => lines(range(J), (j) => `a${p}_${e}_${j} = v128.load(t${p}_${j}, ${e} * BYTES);`))}
    }
    for (let t = terms; t < last; t += 8) {
      const o = <usize>load<i32>(t), q = <usize>load<i32>(t, 4);
      ${all((p, e) => `const v${p}_${e} = v128.load(x${p} + o, ${e} * BYTES);`)}
      ${lines(range(J), (j) =>
        isPair
          ? `const r${j} = w${j} + q;\n${lines(vectors, (e) => `const u${e}_${j} = v128.load(r${j}, ${e} * BYTES);\n${lines(range(P), (p) => `a${p}_${e}_${j} = f32x4.add(a${p}_${e}_${j}, f32x4.mul(v${p}_${e}, u${e}_${j}));`)}`)}`
          : `const u${j} = v128.load32_splat(w${j} + q);\n${all((p, e) => `a${p}_${e}_${j} = f32x4.add(a${p}_${e}_${j}, f32x4.mul(v${p}_${e}, u${j}));`)}`,
      )}
    }
    ${all((p, e) => lines(range(J), (j) => `v128.store(t${p}_${j}, a${p}_${e}_${j}, ${e} * BYTES);`))}
    }
    ${lines(range(P), (p) => `to${p} += ${J} * targetStep;`)}`,
  );
};

/**
 * target[j] = start + sum over terms of x[term] w[j][term], at each position; w parameters, or values that every lane has for itself
 *
 * @param start 0: zero, 1: the bias, 2: target[j]
 * @param several how many positions with the same terms are taken together, where that is faster
 */
const contract = (lanes, name, isPair, sizesJ, several) => {
  const places = (P) =>
    lines(
      range(P),
      (p) =>
        `const px${p} = x + <usize>load<u32>(positions, ${32 * p + 4}), pb${p} = bias + <usize>load<u32>(positions, ${32 * p + 12});
        let to${p} = target + <usize>load<u32>(positions, ${32 * p});`,
    );
  return `
export function ${name}(arena: usize, positions: usize, count: i32, x: usize, w: usize, bias: usize, target: usize, targetStep: usize, wStep: usize, start: i32): void {
  for (const end = positions + (<usize>count << 5); positions < end; ) {
    const pw = w + <usize>load<u32>(positions, 8), terms = arena + <usize>load<u32>(positions, 16);
    const last = terms + (<usize>load<u32>(positions, 20) << 3), outputs = load<i32>(positions, 24);
    ${
      several === undefined
        ? ''
        : `if (load<i32>(positions, 28) >= ${several.positions}) {
      ${places(several.positions)}
      ${tile(lanes, isPair, several.positions, several.outputs, [0])}
      positions += ${32 * several.positions};
      continue;
    }`
    }
    ${places(1)}
    ${tile(lanes, isPair, 1, sizesJ, vectorsOf(lanes))}
    positions += 32;
  }
}`;
};

/** g[j][i] += sum over positions of d[position][j] x[position][i], a vector of the partial sums after the other */
const contribute = (shapes) => `
export function contribute(positions: usize, count: i32, d: usize, x: usize, g: usize, outputs: i32, dStep: usize, gOutputStep: usize, inputs: i32, xStep: usize, gInputStep: usize): void {
  const end = positions + (<usize>count << 3);
  ${tiled('j', 'outputs', shapes, ([J, sizesI]) =>
    tiled(
      'i',
      'inputs',
      sizesI,
      ([I]) => `
    for (let v: usize = 0; v < 64; v += BYTES) {
      const d0 = d + v + <usize>j * dStep, x0 = x + v + <usize>i * xStep, g0 = g + v + <usize>j * gOutputStep + <usize>i * gInputStep;
      ${lines(range(J - 1), (j) => `const d${j + 1} = d${j} + dStep, g${j + 1} = g${j} + gOutputStep;`)}
      ${lines(range(I - 1), (i) => `const x${i + 1} = x${i} + xStep;`)}
      ${lines(range(J), (j) => lines(range(I), (i) => `let a${i}_${j} = v128.load(g${j} + ${i} * gInputStep);`))}
      for (let p = positions; p < end; p += 8) {
        const ofD = <usize>load<u32>(p), ofX = <usize>load<u32>(p, 4);
        ${lines(range(I), (i) => `const v${i} = v128.load(x${i} + ofX);`)}
        ${lines(range(J), (j) => `const u${j} = v128.load(d${j} + ofD);\n${lines(range(I), (i) => `a${i}_${j} = f32x4.add(a${i}_${j}, f32x4.mul(u${j}, v${i}));`)}`)}
      }
      ${lines(range(J), (j) => lines(range(I), (i) => `v128.store(g${j} + ${i} * gInputStep, a${i}_${j});`))}
    }`,
    ),
  )}
}`;

/** With 15 vector registers eight sums and their operands; with 32 sixteen. */
export const graphTiles = (lanes) => {
  const sizes = [8, 4, 2, 1].filter((size) => size <= lanes / 2);
  const wide = lanes === 16;
  return [
    contract(lanes, 'weigh', false, sizes, wide ? { positions: 4, outputs: [4, 2, 1] } : undefined),
    contract(lanes, 'pair', true, sizes, { positions: 4, outputs: wide ? [4, 2, 1] : [2, 1] }),
    contribute([
      [4, wide ? [4, 2, 1] : [2, 1]],
      [1, wide ? [4, 2, 1] : [2, 1]],
    ]),
  ];
};
