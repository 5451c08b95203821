import type { Activation } from '../../../shared/mod.ts';
import {
  expm1Negative,
  leakyRelu,
  leakyReluSlope,
  normalCdf,
  normalDensity,
  sigmoid,
  softplus,
  tanh,
} from './functions.ts';

const f = Math.fround;

/**
 * f(z), and d f'(z) for a delta d of the layer, with h = f(z). All float32. PyTorch's definitions with its default
 * parameters: leaky ReLU 0.01, ELU alpha 1, softplus beta 1, GELU x Phi(x) (Hendrycks and Gimpel 2016), whose error is below
 * 5.2 ulp for x >= -12.9; that of its slope below 4.8 ulp of the larger of its two terms. SiLU x sigmoid(x) (Elfwing, Uchibe
 * and Doya 2018): 3.2 ulp for x >= -87.3, and its slope, computed as PyTorch does, 17 ulp of the larger of its two terms.
 */
export type ActivationFunction = {
  value(z: number): number;
  backward(d: number, h: number, z: number): number;
  /** f'(z) */
  slope(h: number, z: number): number;
  /** f''(z), with s = f'(z); 0 at the kink of a piecewise linear function */
  curvature(h: number, s: number, z: number): number;
};

export const ACTIVATION_FUNCTIONS: Record<Activation, ActivationFunction> = {
  linear: { value: (z) => z, backward: (d) => d, slope: () => 1, curvature: () => 0 },
  tanh: {
    value: tanh,
    backward: (d, h) => f(d * f(1 - f(h * h))),
    slope: (h) => f(1 - f(h * h)),
    curvature: (h, s) => f(f(-2 * h) * s),
  },
  // `z < 0` keeps a NaN, which must show as a divergence
  relu: {
    value: (z) => (z < 0 ? 0 : z),
    backward: (d, h) => (h > 0 ? d : 0),
    slope: (h) => (h > 0 ? 1 : 0),
    curvature: () => 0,
  },
  sigmoid: {
    value: sigmoid,
    backward: (d, h) => f(d * f(h * f(1 - h))),
    slope: (h) => f(h * f(1 - h)),
    curvature: (h, s) => f(s * f(1 - f(h + h))),
  },
  'leaky-relu': {
    value: leakyRelu,
    backward: (d, h) => f(d * leakyReluSlope(h)),
    slope: leakyReluSlope,
    curvature: () => 0,
  },
  elu: {
    value: (z) => (z > 0 ? z : expm1Negative(-z)),
    backward: (d, h) => (h > 0 ? d : f(d * f(h + 1))),
    slope: (h) => (h > 0 ? 1 : f(h + 1)),
    curvature: (h, s) => (h > 0 ? 0 : s),
  },
  // f'(z) = sigmoid(z) = 1 - e^-f(z)
  softplus: {
    value: softplus,
    backward: (d, h) => f(d * -expm1Negative(h)),
    slope: (h) => -expm1Negative(h),
    curvature: (_h, s) => f(s * f(1 - s)),
  },
  gelu: {
    value: (z) => f(z * normalCdf(z)),
    backward: (d, _h, z) => f(d * f(normalCdf(z) + f(z * normalDensity(z)))),
    slope: (_h, z) => f(normalCdf(z) + f(z * normalDensity(z))),
    curvature: (_h, _s, z) => f(normalDensity(z) * f(2 - f(z * z))),
  },
  silu: {
    value: (z) => f(z * sigmoid(z)),
    backward: (d, _h, z) => f(d * siluSlope(z)),
    slope: (_h, z) => siluSlope(z),
    curvature: (_h, _s, z) => {
      const s = sigmoid(z);
      return f(f(s * f(1 - s)) * f(2 + f(z * f(1 - f(s + s)))));
    },
  },
};

/** s (1 + z (1 - s)), s = sigmoid(z) */
function siluSlope(z: number): number {
  const s = sigmoid(z);
  return f(s * f(1 + f(z * f(1 - s))));
}
