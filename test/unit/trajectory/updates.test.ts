import { expect, it } from 'vitest';
import type { Optimizer } from '../../../shared/mod.ts';
import { updateOf } from '../../../worker/engines/reference/optimizers.ts';
import { startUpdate } from '../../../worker/experiments/trajectory/updates.ts';

const f = Math.fround;
const ETA = f(0.037);
const SIZE = 5;
/** Gradients of some iterations: of every size, some of them 0. */
const GRADIENTS = Array.from({ length: 200 }, (_, t) =>
  Float32Array.from({ length: SIZE }, (_, k) => (k === 4 ? 0 : Math.sin(7.1 * t + k) * 10 ** (k - 2))),
);

/** The directions, and P where there is one, of all iterations. */
function directions(optimizer: Optimizer) {
  const update = startUpdate(optimizer, new Map(), SIZE);
  return GRADIENTS.map((gradient) => ({
    direction: Float32Array.from(update.absorb(gradient)),
    preconditioner: update.preconditioner?.slice(),
  }));
}

it.each([{ kind: 'sgd' }, { kind: 'momentum', momentum: 0.9 }, { kind: 'nesterov', momentum: 0.7 }] as const)(
  '$kind moves weights as the engines do in a search, to the bit',
  (optimizer) => {
    const rules = {
      loss: 'mse' as const,
      optimizer: optimizer.kind,
      momentum: 'momentum' in optimizer ? f(optimizer.momentum) : 0,
    };
    const move = updateOf(rules, ETA);
    const [ours, theirs, velocity] = [new Float32Array(SIZE), new Float32Array(SIZE), new Float32Array(SIZE)];
    for (const [t, { direction }] of directions(optimizer).entries()) {
      for (let k = 0; k < SIZE; k++) {
        ours[k] = f(ours[k] - f(ETA * direction[k]));
        move(theirs, velocity, k, GRADIENTS[t][k]);
      }
      expect(ours).toEqual(theirs);
    }
  },
);

it('adam and rmsprop are those of PyTorch up to the rounding of float32', () => {
  const [beta1, beta2, epsilon, alpha] = [0.9, 0.999, 1e-8, 0.99];
  const adam = directions({ kind: 'adam', beta1, beta2, epsilon });
  const rmsprop = directions({ kind: 'rmsprop', alpha, epsilon });
  for (let k = 0; k < SIZE; k++) {
    let [m, v, r] = [0, 0, 0];
    for (const [t, gradient] of GRADIENTS.entries()) {
      const g = gradient[k];
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      r = alpha * r + (1 - alpha) * g * g;
      // PyTorch: step size / (1 - beta1^t), denominator sqrt(v) / sqrt(1 - beta2^t) + epsilon
      const p = (1 - beta1 ** (t + 1)) * (Math.sqrt(v) / Math.sqrt(1 - beta2 ** (t + 1)) + epsilon);
      // the mean of the gradients may cancel
      const close = (got: number, exact: number, size: number) =>
        expect(Math.abs(got - exact), `${t}, ${k}`).toBeLessThanOrEqual(1e-5 * Math.abs(size));
      close(adam[t].preconditioner![k], p, p);
      close(adam[t].direction[k], m / p, 1);
      close(rmsprop[t].preconditioner![k], Math.sqrt(r) + epsilon, Math.sqrt(r) + epsilon);
      close(rmsprop[t].direction[k], g / (Math.sqrt(r) + epsilon), 10);
    }
  }
  // where there never was a gradient there is no step
  expect(adam.every(({ direction }) => direction[4] === 0)).toBe(true);
});

it('the first step of adam is the sign of the gradient', () => {
  const [{ direction }] = directions({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  expect([...direction].map(Math.round)).toEqual([...GRADIENTS[0]].map(Math.sign));
});
