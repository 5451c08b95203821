import { ELU, GELU, LEAKY_RELU, LINEAR, RELU, SIGMOID, SOFTPLUS, TANH } from './activations';
import { constant, expm1Negative, LEAK, MINUS_TWO, normalCdf, normalDensity, ONE, sigmoid, softplus, tanh, TWO } from './functions';

/** h = f(z) in place of z, s = f'(z) and c = f''(z), over `bytes` of values; see `reference/activations.ts`. */
export function derive(kind: i32, h: usize, s: usize, c: usize, bytes: usize): void {
  const zero = f32x4.splat(0), one = constant(ONE);
  for (const end = h + bytes; h < end; h += 16, s += 16, c += 16) {
    const z = v128.load(h);
    let value = z, slope = one, curvature = zero;
    switch (kind) {
      case LINEAR:
        break;
      case TANH:
        value = tanh(z);
        slope = f32x4.sub(one, f32x4.mul(value, value));
        curvature = f32x4.mul(f32x4.mul(constant(MINUS_TWO), value), slope);
        break;
      case RELU:
        value = f32x4.pmax(z, zero);
        slope = v128.and(one, f32x4.gt(value, zero));
        break;
      case SIGMOID:
        value = sigmoid(z);
        slope = f32x4.mul(value, f32x4.sub(one, value));
        curvature = f32x4.mul(slope, f32x4.sub(one, f32x4.add(value, value)));
        break;
      case LEAKY_RELU:
        value = v128.bitselect(f32x4.mul(z, constant(LEAK)), z, f32x4.lt(z, zero));
        slope = v128.bitselect(constant(LEAK), one, f32x4.lt(value, zero));
        break;
      case ELU:
        value = v128.bitselect(z, expm1Negative(f32x4.neg(z)), f32x4.gt(z, zero));
        slope = v128.bitselect(one, f32x4.add(value, one), f32x4.gt(value, zero));
        curvature = v128.bitselect(zero, slope, f32x4.gt(value, zero));
        break;
      case SOFTPLUS:
        value = softplus(z);
        slope = f32x4.neg(expm1Negative(value));
        curvature = f32x4.mul(slope, f32x4.sub(one, slope));
        break;
      case GELU: {
        const density = normalDensity(z), cdf = normalCdf(z, density);
        value = f32x4.mul(z, cdf);
        slope = f32x4.add(cdf, f32x4.mul(z, density));
        curvature = f32x4.mul(density, f32x4.sub(constant(TWO), f32x4.mul(z, z)));
      }
    }
    v128.store(h, value);
    v128.store(s, slope);
    v128.store(c, curvature);
  }
}
