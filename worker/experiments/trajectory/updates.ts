import type { Optimizer } from '../../../shared/mod.ts';
import { float32, float64, type Vectors } from './point.ts';

const f = Math.fround;

/** How an optimiser of a training makes directions of gradients: w <- w - (eta direction). */
export type Update = {
  /** Takes in the gradient of the next iteration. @returns the direction, which is good until the next call */
  absorb(gradient: Float32Array): Float32Array;
  /** P of the gradient that was absorbed last, where directions are something over it */
  preconditioner?: Float32Array;
};

type Values<Kind extends Optimizer['kind']> = Extract<Optimizer, { kind: Kind }>;
type Rules = { readonly [Kind in Optimizer['kind']]: (values: Values<Kind>, vectors: Vectors, size: number) => Update };

/**
 * PyTorch's optimisers as directions d, of the gradient g, one rounding to float32 at each operation. Parameters are float32; all vectors
 * are 0 at first.
 *
 *     sgd        d = g
 *     momentum   v <- (mu v) + g,  d = v
 *     nesterov   v <- (mu v) + g,  d = g + (mu v), v the new one
 *     adam       m <- (b1 m) + (a1 g),  v <- (b2 v) + (a2 (g g)),  P = c1 (sqrt(v / c2) + epsilon),  d = m / P
 *     rmsprop    v <- (b v) + (a (g g)),  P = sqrt(v) + epsilon,  d = g / P,  b is called alpha there
 *
 * a = 1 - b is a float64 difference rounded once. So is c = 1 - b^t at iteration t; b^t is the float64 product of t factors, one after the
 * other, in a vector of the checkpoint.
 */
const RULES: Rules = {
  sgd: () => ({ absorb: (gradient) => gradient }),

  momentum({ momentum }, vectors, size) {
    const velocity = float32(vectors, 'velocity', size);
    return {
      absorb(gradient) {
        accelerate(velocity, f(momentum), gradient);
        return velocity;
      },
    };
  },

  nesterov({ momentum }, vectors, size) {
    const velocity = float32(vectors, 'velocity', size);
    const mu = f(momentum);
    const direction = new Float32Array(size);
    return {
      absorb(gradient) {
        accelerate(velocity, mu, gradient);
        for (let k = 0; k < size; k++) direction[k] = f(gradient[k] + f(mu * velocity[k]));
        return direction;
      },
    };
  },

  adam({ beta1, beta2, epsilon }, vectors, size) {
    const mean = float32(vectors, 'mean', size);
    const square = float32(vectors, 'square', size);
    if (!vectors.has('powers')) vectors.set('powers', Float64Array.of(1, 1));
    const powers = float64(vectors, 'powers', 2);
    const preconditioner = new Float32Array(size);
    const direction = new Float32Array(size);
    const [b1, a1, b2, a2, eps] = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon].map(f);
    return {
      preconditioner,
      absorb(gradient) {
        powers[0] *= beta1;
        powers[1] *= beta2;
        const [c1, c2] = [f(1 - powers[0]), f(1 - powers[1])];
        for (let k = 0; k < size; k++) {
          const g = gradient[k];
          mean[k] = f(f(b1 * mean[k]) + f(a1 * g));
          square[k] = f(f(b2 * square[k]) + f(a2 * f(g * g)));
          preconditioner[k] = f(c1 * f(f(Math.sqrt(f(square[k] / c2))) + eps));
          direction[k] = f(mean[k] / preconditioner[k]);
        }
        return direction;
      },
    };
  },

  rmsprop({ alpha, epsilon }, vectors, size) {
    const square = float32(vectors, 'square', size);
    const preconditioner = new Float32Array(size);
    const direction = new Float32Array(size);
    const [b, a, eps] = [alpha, 1 - alpha, epsilon].map(f);
    return {
      preconditioner,
      absorb(gradient) {
        for (let k = 0; k < size; k++) {
          const g = gradient[k];
          square[k] = f(f(b * square[k]) + f(a * f(g * g)));
          preconditioner[k] = f(f(Math.sqrt(square[k])) + eps);
          direction[k] = f(g / preconditioner[k]);
        }
        return direction;
      },
    };
  },
};

/** @param vectors of the training, those of a checkpoint among them */
export function startUpdate(optimizer: Optimizer = { kind: 'sgd' }, vectors: Vectors, size: number): Update {
  return (RULES[optimizer.kind] as (values: Optimizer, vectors: Vectors, size: number) => Update)(
    optimizer,
    vectors,
    size,
  );
}

function accelerate(velocity: Float32Array, mu: number, gradient: Float32Array): void {
  for (let k = 0; k < velocity.length; k++) velocity[k] = f(f(mu * velocity[k]) + gradient[k]);
}
