import { expNegative, log } from './functions';
import { BYTES } from './lanes';

/**
 * One vector of examples, whose outputs lie `stride` bytes apart: the exponentials, delta = scale * (softmax(z) sum_j y_j - y), and the
 * losses. The order of every sum is in `reference/losses.ts`. Exponentials and deltas may lie in one place.
 */
// @ts-ignore: decorator
@inline function ofVector(z: usize, y: usize, exponentials: usize, delta: usize, bytes: usize, stride: usize, scale: v128): v128 {
  let largest = v128.load(z);
  for (let j = stride; j < bytes; j += stride) largest = f32x4.pmax(largest, v128.load(z + j));
  let s = f32x4.splat(0), mass = s, t = s;
  for (let j: usize = 0; j < bytes; j += stride) {
    const target = v128.load(y + j);
    const a = f32x4.sub(largest, v128.load(z + j));
    const exponential = expNegative(a);
    v128.store(exponentials + j, exponential);
    s = f32x4.add(s, exponential);
    mass = f32x4.add(mass, target);
    t = f32x4.add(t, f32x4.mul(target, a));
  }
  const r = f32x4.div(mass, s);
  for (let j: usize = 0; j < bytes; j += stride) {
    const softmax = f32x4.mul(v128.load(exponentials + j), r);
    v128.store(delta + j, f32x4.mul(scale, f32x4.sub(softmax, v128.load(y + j))));
  }
  return f32x4.add(f32x4.mul(mass, log(s)), t);
}

/** Returns total + the cross-entropies of `examples` examples, one after the other. */
export function crossEntropy(z: usize, y: usize, delta: usize, outputs: i32, examples: i32, scale: v128, total: v128): v128 {
  const bytes = <usize>outputs * BYTES;
  for (let e = 0; e < examples; e++, z += bytes, y += bytes, delta += bytes) {
    total = f32x4.add(total, ofVector(z, y, delta, delta, bytes, BYTES, scale));
  }
  return total;
}

/** Of the objective's values, [quad][output][16 examples]; the losses one after the other. */
export function crossEntropyOfQuads(z: usize, y: usize, exponentials: usize, delta: usize, losses: usize, outputs: i32, quads: i32, scale: f32): void {
  const bytes = <usize>outputs << 6, factor = f32x4.splat(scale);
  for (; quads > 0; quads--) {
    for (let p: usize = 0; p < 64; p += BYTES) {
      v128.store(losses + p, ofVector(z + p, y + p, exponentials + p, delta + p, bytes, 64, factor));
    }
    z += bytes;
    y += bytes;
    exponentials += bytes;
    delta += bytes;
    losses += 64;
  }
}

/** R{delta} of them; see `reference/objective-losses.ts`. */
export function rCrossEntropyOfQuads(exponentials: usize, y: usize, rz: usize, rdelta: usize, outputs: i32, quads: i32, scale: f32): void {
  const bytes = <usize>outputs << 6, factor = f32x4.splat(scale);
  for (; quads > 0; quads--) {
    for (let p: usize = 0; p < 64; p += BYTES) {
      let largest = v128.load(exponentials + p), likeliest = v128.load(rz + p);
      for (let j = p + 64; j < bytes; j += 64) {
        const exponential = v128.load(exponentials + j);
        likeliest = v128.bitselect(v128.load(rz + j), likeliest, f32x4.gt(exponential, largest));
        largest = f32x4.pmax(largest, exponential);
      }
      let s = f32x4.splat(0), mass = s, t = s;
      for (let j = p; j < bytes; j += 64) {
        const exponential = v128.load(exponentials + j);
        s = f32x4.add(s, exponential);
        mass = f32x4.add(mass, v128.load(y + j));
        t = f32x4.add(t, f32x4.mul(exponential, f32x4.sub(v128.load(rz + j), likeliest)));
      }
      const mean = f32x4.div(t, s), r = f32x4.div(mass, s);
      for (let j = p; j < bytes; j += 64) {
        const difference = f32x4.sub(f32x4.sub(v128.load(rz + j), likeliest), mean);
        const softmax = f32x4.mul(v128.load(exponentials + j), r);
        v128.store(rdelta + j, f32x4.mul(factor, f32x4.mul(softmax, difference)));
      }
    }
    exponentials += bytes;
    y += bytes;
    rz += bytes;
    rdelta += bytes;
  }
}
