import { fullWeights, projected, q } from './memory';

/**
 * projected[j][k] = sum over i ascending of w[j][i] Q[i][k], in float64, rounded once; four rows by a block of four columns at a time.
 * `rows` is a multiple of 4; `columns` are the blocks' columns.
 */
export function project(rows: i32, inputs: i32, columns: i32): void {
  const rowBytes = <usize>inputs << 2, blockBytes = <usize>inputs << 5, targetBytes = <usize>columns << 2;
  for (let j = 0; j < rows; j += 4) {
    const w = fullWeights + <usize>j * rowBytes;
    for (let k = 0; k < columns; k += 4) {
      let p = q + <usize>(k >> 2) * blockBytes;
      let a0 = f64x2.splat(0), a1 = f64x2.splat(0), b0 = f64x2.splat(0), b1 = f64x2.splat(0);
      let c0 = f64x2.splat(0), c1 = f64x2.splat(0), d0 = f64x2.splat(0), d1 = f64x2.splat(0);
      for (let x = w, end = w + rowBytes; x < end; x += 4, p += 32) {
        const q0 = v128.load(p), q1 = v128.load(p, 16);
        const a = f64x2.splat(<f64>load<f32>(x)), b = f64x2.splat(<f64>load<f32>(x + rowBytes));
        const c = f64x2.splat(<f64>load<f32>(x + 2 * rowBytes)), d = f64x2.splat(<f64>load<f32>(x + 3 * rowBytes));
        a0 = f64x2.add(a0, f64x2.mul(a, q0));
        a1 = f64x2.add(a1, f64x2.mul(a, q1));
        b0 = f64x2.add(b0, f64x2.mul(b, q0));
        b1 = f64x2.add(b1, f64x2.mul(b, q1));
        c0 = f64x2.add(c0, f64x2.mul(c, q0));
        c1 = f64x2.add(c1, f64x2.mul(c, q1));
        d0 = f64x2.add(d0, f64x2.mul(d, q0));
        d1 = f64x2.add(d1, f64x2.mul(d, q1));
      }
      const t = projected + <usize>j * targetBytes + (<usize>k << 2);
      storeRounded(t, a0, a1);
      storeRounded(t + targetBytes, b0, b1);
      storeRounded(t + 2 * targetBytes, c0, c1);
      storeRounded(t + 3 * targetBytes, d0, d1);
    }
  }
}

// @ts-ignore: decorator
@inline function storeRounded(target: usize, low: v128, high: v128): void {
  store<f32>(target, <f32>f64x2.extract_lane(low, 0));
  store<f32>(target + 4, <f32>f64x2.extract_lane(low, 1));
  store<f32>(target + 8, <f32>f64x2.extract_lane(high, 0));
  store<f32>(target + 12, <f32>f64x2.extract_lane(high, 1));
}
