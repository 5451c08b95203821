import {
  constant, expm1Negative, LEAK, normalCdf, normalDensity, ONE, sigmoid, softplus, tanh,
} from './functions';
import { ELU, GELU, LEAKY_RELU, RELU, SIGMOID, SILU, SOFTPLUS, TANH } from './kinds';
import { BYTES } from './lanes';

/**
 * Four vectors at a time for tanh and sigmoid: one alone is a chain of a dozen dependent operations, too long for the processor to
 * overlap with the next by itself.
 *
 * h = f(z) in place of z (ReLU is part of `forward` and `backward`), over `bytes` of values. GELU and SiLU, whose slopes h does not determine, keep z as well.
 */
export function activate(kind: i32, h: usize, z: usize, bytes: usize): void {
  const end = h + bytes;
  const zero = f32x4.splat(0);
  switch (kind) {
    case TANH:
      for (; h + 3 * BYTES < end; h += 4 * BYTES) {
        const a = tanh(v128.load(h)), b = tanh(v128.load(h, BYTES)), c = tanh(v128.load(h, 2 * BYTES)), d = tanh(v128.load(h, 3 * BYTES));
        v128.store(h, a);
        v128.store(h, b, BYTES);
        v128.store(h, c, 2 * BYTES);
        v128.store(h, d, 3 * BYTES);
      }
      for (; h < end; h += BYTES) v128.store(h, tanh(v128.load(h)));
      break;
    case SIGMOID:
      for (; h + 3 * BYTES < end; h += 4 * BYTES) {
        const a = sigmoid(v128.load(h)), b = sigmoid(v128.load(h, BYTES)), c = sigmoid(v128.load(h, 2 * BYTES)), d = sigmoid(v128.load(h, 3 * BYTES));
        v128.store(h, a);
        v128.store(h, b, BYTES);
        v128.store(h, c, 2 * BYTES);
        v128.store(h, d, 3 * BYTES);
      }
      for (; h < end; h += BYTES) v128.store(h, sigmoid(v128.load(h)));
      break;
    case LEAKY_RELU:
      for (; h < end; h += BYTES) {
        const v = v128.load(h);
        v128.store(h, v128.bitselect(f32x4.mul(v, constant(LEAK)), v, f32x4.lt(v, zero)));
      }
      break;
    case ELU:
      for (; h < end; h += BYTES) {
        const v = v128.load(h);
        v128.store(h, v128.bitselect(v, expm1Negative(f32x4.neg(v)), f32x4.gt(v, zero)));
      }
      break;
    case SOFTPLUS:
      for (; h < end; h += BYTES) v128.store(h, softplus(v128.load(h)));
      break;
    case GELU:
      for (; h < end; h += BYTES, z += BYTES) {
        const v = v128.load(h);
        v128.store(z, v);
        v128.store(h, f32x4.mul(v, normalCdf(v, normalDensity(v))));
      }
      break;
    case SILU:
      for (; h < end; h += BYTES, z += BYTES) {
        const v = v128.load(h);
        v128.store(z, v);
        v128.store(h, f32x4.mul(v, sigmoid(v)));
      }
  }
}

/** d *= f'(z), from h = f(z), and from z for GELU and SiLU */
export function slope(kind: i32, h: usize, z: usize, d: usize, bytes: usize): void {
  const end = d + bytes;
  const zero = f32x4.splat(0);
  switch (kind) {
    case TANH:
      for (; d < end; h += BYTES, d += BYTES) {
        const v = v128.load(h);
        v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(constant(ONE), f32x4.mul(v, v))));
      }
      break;
    case SIGMOID:
      for (; d < end; h += BYTES, d += BYTES) {
        const v = v128.load(h);
        v128.store(d, f32x4.mul(v128.load(d), f32x4.mul(v, f32x4.sub(constant(ONE), v))));
      }
      break;
    case RELU:
      for (; d < end; h += BYTES, d += BYTES) v128.store(d, v128.and(v128.load(d), f32x4.gt(v128.load(h), zero)));
      break;
    case LEAKY_RELU:
      for (; d < end; h += BYTES, d += BYTES) {
        const v = v128.load(d);
        v128.store(d, v128.bitselect(f32x4.mul(v, constant(LEAK)), v, f32x4.lt(v128.load(h), zero)));
      }
      break;
    case ELU:
      for (; d < end; h += BYTES, d += BYTES) {
        const v = v128.load(d), a = v128.load(h);
        v128.store(d, v128.bitselect(v, f32x4.mul(v, f32x4.add(a, constant(ONE))), f32x4.gt(a, zero)));
      }
      break;
    case SOFTPLUS:
      // f'(z) = sigmoid(z) = 1 - e^-f(z)
      for (; d < end; h += BYTES, d += BYTES) {
        v128.store(d, f32x4.mul(v128.load(d), f32x4.neg(expm1Negative(v128.load(h)))));
      }
      break;
    case GELU:
      for (; d < end; z += BYTES, d += BYTES) {
        const v = v128.load(z);
        const density = normalDensity(v);
        v128.store(d, f32x4.mul(v128.load(d), f32x4.add(normalCdf(v, density), f32x4.mul(v, density))));
      }
      break;
    case SILU:
      for (; d < end; z += BYTES, d += BYTES) {
        const v = v128.load(z), s = sigmoid(v);
        const slope = f32x4.mul(s, f32x4.add(constant(ONE), f32x4.mul(v, f32x4.sub(constant(ONE), s))));
        v128.store(d, f32x4.mul(v128.load(d), slope));
      }
  }
}
