import { describe, expect, it } from 'vitest';
import type { Activation } from '../../../shared/mod.ts';
import { eigenvalueGradient, lanczos, normalVector, solve } from '../../../worker/eigen/mod.ts';
import { engineOf, type Objective } from '../../../worker/engines/mod.ts';
import { initialWeights } from '../../../worker/experiments/trajectory/mod.ts';
import { problemOf } from '../engines/support.ts';

const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  Array.from(x, (value, i) => value * y[i]).reduce((sum, value) => sum + value, 0);

/** The largest eigenvalue at w, to rounding, with its vector; the objective is left there. */
function top(objective: Objective, w: Float32Array, gradient = new Float32Array(w.length)) {
  objective.evaluate(w, gradient);
  const start = (part: number) => normalVector(w.length, { seed: 1, run: 0, part });
  const solving = lanczos(start(0), start, { count: 1, bothEnds: false, tolerance: 1e-6, maxProducts: w.length });
  const [{ largest, vector }] = solve(objective.multiply, [{ layer: 'all', solving }]);
  return { value: largest[0].value, vector };
}

/** L(w) = sum d_i w_i^2 / 2 + (a'w)^4 / 24: H = D + (a'w)^2 a a' / 2, and D3L[u, u] = (a'w) (a'u)^2 a. */
function quartic(d: number[], a: number[]): Objective {
  let at = new Float32Array();
  return {
    blocks: [{ offset: 0, length: d.length, inputs: 1, outputs: 1 }],
    size: d.length,
    loss: (w) => d.reduce((sum, x, i) => sum + (x * w[i] ** 2) / 2, 0) + dot(a, w) ** 4 / 24,
    evaluate(w, gradient) {
      at = Float32Array.from(w);
      gradient.set(d.map((x, i) => x * w[i] + (dot(a, w) ** 3 / 6) * a[i]));
      return this.loss(w);
    },
    multiply(directions) {
      for (const { vector, product } of directions) {
        product.set(d.map((x, i) => x * vector[i] + ((dot(a, at) ** 2 * dot(a, vector)) / 2) * a[i]));
      }
    },
    outputs() {
      throw new Error('not of a network');
    },
  };
}

describe('the gradient of an eigenvalue', () => {
  it('is the third derivative along its eigenvector, where that is known', () => {
    const a = [0.5, -1, 0.25, 2];
    const w = Float32Array.of(0.3, 0.7, -0.2, 0.9);
    const objective = quartic([1, 3, 2, 0.5], a);
    const { vector } = top(objective, w);
    const { gradient, error } = eigenvalueGradient(objective, w, vector);
    const exact = a.map((x) => dot(a, w) * dot(a, vector) ** 2 * x);
    for (const [i, value] of gradient.entries()) expect(Math.abs(value - exact[i])).toBeLessThan(1e-4 + error[i]);
  });

  it.each([
    ['tanh', 3],
    ['sigmoid', 2],
    ['gelu', 4],
    ['linear', 3],
  ] as [Activation, number][])('of %s, depth %i, is how fast it changes along any direction', (activation, depth) => {
    const problem = problemOf({ activation, depth, inputs: 4, width: 6, outputs: 3 }, 40);
    const objective = engineOf('simd').objective(problem);
    const w = initialWeights(problem, 5, 0);
    const slope = new Float32Array(w.length);
    const { vector } = top(objective, w, slope);
    const { gradient, error } = eigenvalueGradient(objective, w, vector);
    const directions = [slope, ...[1, 2].map((part) => normalVector(w.length, { seed: 9, run: 0, part }))];
    for (const direction of directions) {
      const length = Math.sqrt(dot(direction, direction));
      const moved = (h: number) => Float32Array.from(w, (value, i) => value + (h * direction[i]) / length);
      const h = 2 ** -6;
      const difference = (reach: number) =>
        (top(objective, moved(reach)).value - top(objective, moved(-reach)).value) / (2 * reach);
      const exact = difference(h) + (difference(h) - difference(2 * h)) / 3;
      const ours = dot(gradient, direction) / length;
      // its size is that of the whole gradient: it may happen to be small along one direction
      expect(Math.abs(ours - exact) / Math.sqrt(dot(gradient, gradient))).toBeLessThan(2e-3);
    }
    expect(Math.sqrt(dot(error, error) / dot(gradient, gradient))).toBeLessThan(0.02);
  });
});
