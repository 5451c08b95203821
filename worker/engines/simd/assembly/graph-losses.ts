import { expNegative, log } from './functions';
import { address, bytes, factor, number } from './graph-operands';
import { BYTES } from './lanes';

/** The losses of a quad, their deltas and R of these. */

export function squares(p: usize): void {
  const z = address(p, 0), y = address(p, 1), mask = address(p, 2), d = address(p, 3), loss = address(p, 4), scale = factor(p, 6), size = bytes(p, 5) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(mask + v);
    let total = f32x4.splat(0);
    for (let k = v; k < size; k += 64) {
      const residual = v128.and(f32x4.sub(v128.load(z + k), v128.load(y + k)), isExample);
      total = f32x4.add(total, f32x4.mul(residual, residual));
      v128.store(d + k, f32x4.mul(scale, residual));
    }
    v128.store(loss + v, f32x4.add(v128.load(loss + v), total));
  }
}

export function rSquares(p: usize): void {
  const rz = address(p, 0), mask = address(p, 1), rd = address(p, 2), scale = factor(p, 4), size = bytes(p, 3) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(mask + v);
    for (let k = v; k < size; k += 64) v128.store(rd + k, v128.and(f32x4.mul(scale, v128.load(rz + k)), isExample));
  }
}

export function logits(p: usize): void {
  const scale = factor(p, 8), classes = bytes(p, 7) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(address(p, 2) + v), target = address(p, 5) + v;
    let z = address(p, 0) + v, y = address(p, 1) + v, probabilities = address(p, 3) + v, d = address(p, 4) + v, total = f32x4.splat(0);
    for (let row = number(p, 6); row > 0; row--, z += classes, y += classes, probabilities += classes, d += classes) {
      let largest = v128.load(z);
      for (let k: usize = 64; k < classes; k += 64) largest = f32x4.pmax(largest, v128.load(z + k));
      let s = f32x4.splat(0), mass = f32x4.splat(0), t = f32x4.splat(0);
      for (let k: usize = 0; k < classes; k += 64) {
        const label = v128.load(y + k), a = f32x4.sub(largest, v128.load(z + k)), exponential = expNegative(a);
        v128.store(probabilities + k, exponential);
        s = f32x4.add(s, exponential);
        mass = f32x4.add(mass, label);
        t = f32x4.add(t, f32x4.mul(label, a));
      }
      const r = f32x4.div(mass, s);
      for (let k: usize = 0; k < classes; k += 64) {
        const probability = f32x4.mul(v128.load(probabilities + k), r);
        v128.store(probabilities + k, probability);
        v128.store(d + k, v128.and(f32x4.mul(scale, f32x4.sub(probability, v128.load(y + k))), isExample));
      }
      total = f32x4.add(total, f32x4.add(f32x4.mul(mass, log(s)), t));
    }
    v128.store(target, f32x4.add(v128.load(target), v128.and(total, isExample)));
  }
}

export function rLogits(p: usize): void {
  const scale = factor(p, 6), classes = bytes(p, 5) << 6;
  for (let v: usize = 0; v < 64; v += BYTES) {
    const isExample = v128.load(address(p, 2) + v);
    let probabilities = address(p, 0) + v, rz = address(p, 1) + v, rd = address(p, 3) + v;
    for (let row = number(p, 4); row > 0; row--, probabilities += classes, rz += classes, rd += classes) {
      let mean = f32x4.splat(0);
      for (let k: usize = 0; k < classes; k += 64) mean = f32x4.add(mean, f32x4.mul(v128.load(probabilities + k), v128.load(rz + k)));
      for (let k: usize = 0; k < classes; k += 64) {
        const bent = f32x4.mul(v128.load(probabilities + k), f32x4.sub(v128.load(rz + k), mean));
        v128.store(rd + k, v128.and(f32x4.mul(scale, bent), isExample));
      }
    }
  }
}
