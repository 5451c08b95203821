import { expNegative, log } from './functions';
import { BYTES } from './lanes';

/**
 * delta = scale * (softmax(z) sum_j y_j - y). Returns total + the cross-entropies of `examples` examples, one after the other; the
 * order of every sum is in `reference/losses.ts`.
 */
export function crossEntropy(z: usize, y: usize, delta: usize, outputs: i32, examples: i32, scale: v128, total: v128): v128 {
  const bytes = <usize>outputs * BYTES;
  for (let e = 0; e < examples; e++, z += bytes, y += bytes, delta += bytes) {
    let largest = v128.load(z);
    for (let j: usize = BYTES; j < bytes; j += BYTES) largest = f32x4.pmax(largest, v128.load(z + j));
    let s = f32x4.splat(0), mass = s, t = s;
    for (let j: usize = 0; j < bytes; j += BYTES) {
      const target = v128.load(y + j);
      const a = f32x4.sub(largest, v128.load(z + j));
      const exponential = expNegative(a);
      v128.store(delta + j, exponential);
      s = f32x4.add(s, exponential);
      mass = f32x4.add(mass, target);
      t = f32x4.add(t, f32x4.mul(target, a));
    }
    const r = f32x4.div(mass, s);
    for (let j: usize = 0; j < bytes; j += BYTES) {
      const softmax = f32x4.mul(v128.load(delta + j), r);
      v128.store(delta + j, f32x4.mul(scale, f32x4.sub(softmax, v128.load(y + j))));
    }
    total = f32x4.add(total, f32x4.add(f32x4.mul(mass, log(s)), t));
  }
  return total;
}
