import type { Rules } from '../rules.ts';

const f = Math.fround;

/** Moves parameter k of an array w, given its gradient g and the array of velocities v, which starts at 0. */
export type Update = (w: Float32Array, v: Float32Array, k: number, g: number) => void;

/**
 * PyTorch's SGD, one rounding at each operation; eta and mu are float32:
 *
 *     sgd        w <- w - (eta g)
 *     momentum   v <- (mu v) + g,  w <- w - (eta v)
 *     nesterov   v <- (mu v) + g,  w <- w - (eta (g + (mu v))), v the new one
 */
export function updateOf({ optimizer, momentum }: Omit<Rules, 'loss'>, stepSize: number): Update {
  const accelerate = (v: Float32Array, k: number, g: number): number => {
    v[k] = f(f(momentum * v[k]) + g);
    return v[k];
  };
  switch (optimizer) {
    case 'sgd':
      return (w, _v, k, g) => {
        w[k] = f(w[k] - f(stepSize * g));
      };
    case 'momentum':
      return (w, v, k, g) => {
        w[k] = f(w[k] - f(stepSize * accelerate(v, k, g)));
      };
    case 'nesterov':
      return (w, v, k, g) => {
        const ahead = f(g + f(momentum * accelerate(v, k, g)));
        w[k] = f(w[k] - f(stepSize * ahead));
      };
  }
}
