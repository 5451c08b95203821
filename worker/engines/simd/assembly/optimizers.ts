import { BYTES } from './lanes';
import { columns, depth, gradients, units, velocities, weights } from './memory';

/** Numbers of the optimisers: their places in OPTIMIZERS of `simd/mod.ts`. */
const SGD = 0, NESTEROV = 2;

let kind: i32 = SGD;
let momentum: f32 = 0;

export function setOptimizer(optimizer: i32, mu: f32): void {
  kind = optimizer;
  momentum = mu;
}

// @ts-ignore: decorator
@inline export function hasVelocities(): bool {
  return kind != SGD;
}

/** Of layer l's weights. */
// @ts-ignore: decorator
@inline function weightBytes(l: i32): usize {
  return <usize>units(l - 1) * <usize>columns(l) * BYTES;
}

/** Of its biases, which lie behind the weights. */
// @ts-ignore: decorator
@inline function biasBytes(l: i32): usize {
  return <usize>columns(l) * BYTES;
}

/** Sets all velocities to 0, for a new training. */
export function rest(): void {
  if (!hasVelocities()) return;
  for (let l = 1; l <= depth; l++) memory.fill(velocities(l), 0, weightBytes(l) + biasBytes(l));
}

/** Moves layer l by the sums of its gradients, weights and biases each by their step size. */
export function accelerate(l: i32, stepSize: v128, biasStepSize: v128): void {
  const w = weights(l), v = velocities(l), g = gradients(l), biases = weightBytes(l);
  move(w, v, g, biases, stepSize);
  move(w + biases, v + biases, g + biases, biasBytes(l), biasStepSize);
}

/** v = mu v + g, then w -= stepSize v, or Nesterov's w -= stepSize (g + mu v). */
function move(parameters: usize, speeds: usize, slopes: usize, bytes: usize, stepSize: v128): void {
  const mu = f32x4.splat(momentum);
  let w = parameters, v = speeds, g = slopes;
  const end = w + bytes;
  if (kind == NESTEROV) {
    for (; w < end; w += BYTES, v += BYTES, g += BYTES) {
      const slope = v128.load(g);
      const velocity = f32x4.add(f32x4.mul(mu, v128.load(v)), slope);
      v128.store(v, velocity);
      const ahead = f32x4.add(slope, f32x4.mul(mu, velocity));
      v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(stepSize, ahead)));
    }
    return;
  }
  for (; w < end; w += BYTES, v += BYTES, g += BYTES) {
    const velocity = f32x4.add(f32x4.mul(mu, v128.load(v)), v128.load(g));
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(stepSize, velocity)));
  }
}
