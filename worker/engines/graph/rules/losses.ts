import { expNegative, log } from '../../reference/functions.ts';
import { QUAD } from '../operations.ts';
import { f, floatOf, type Rule } from './rule.ts';

/** Losses with their derivatives by the outputs. */
export const LOSSES = {
  /**
   * Mean squared error: residual = z - y, 0 where there is no example; loss += sum over outputs in order of residual^2, from 0; d = scale
   * residual
   */
  squares(given) {
    const { floats, words, operands } = given;
    const [z, y, mask, d, loss, outputs] = operands;
    const scale = floatOf(given, 6);
    for (let e = 0; e < QUAD; e++) {
      let sum = 0;
      for (let k = e; k < QUAD * outputs; k += QUAD) {
        const residual = words[mask / 4 + e] === 0 ? 0 : f(floats[z / 4 + k] - floats[y / 4 + k]);
        sum = f(sum + f(residual * residual));
        floats[d / 4 + k] = f(scale * residual);
      }
      floats[loss / 4 + e] = f(floats[loss / 4 + e] + sum);
    }
  },
  /** R{d} = scale R{z}, 0 where there is no example */
  'r-squares'(given) {
    const { floats, words, operands } = given;
    const [rz, mask, rd, outputs] = operands;
    const scale = floatOf(given, 4);
    for (let k = 0; k < QUAD * outputs; k++) {
      floats[rd / 4 + k] = words[mask / 4 + (k % QUAD)] === 0 ? 0 : f(scale * floats[rz / 4 + k]);
    }
  },
  /**
   * Cross-entropy of the softmax of each row of z with its row of y, as `reference/losses.ts` has it, with p_j = e_j r: loss += the sum over the
   * rows in order, from 0; d = scale (p - y); both 0 where there is no example
   */
  logits(given) {
    const { floats, words, operands } = given;
    const [z, y, mask, p, d, loss, rows, classes] = operands;
    const scale = floatOf(given, 8);
    for (let e = 0; e < QUAD; e++) {
      const isExample = words[mask / 4 + e] !== 0;
      let total = 0;
      for (let row = 0; row < rows; row++) {
        const place = (k: number) => QUAD * (row * classes + k) + e;
        const logit = (k: number) => floats[z / 4 + place(k)];
        const target = (k: number) => floats[y / 4 + place(k)];
        let largest = logit(0);
        for (let k = 1; k < classes; k++) if (largest < logit(k)) largest = logit(k);
        let [s, mass, t] = [0, 0, 0];
        for (let k = 0; k < classes; k++) {
          const a = f(largest - logit(k));
          const exponential = expNegative(a);
          floats[p / 4 + place(k)] = exponential;
          s = f(s + exponential);
          mass = f(mass + target(k));
          t = f(t + f(target(k) * a));
        }
        const r = f(mass / s);
        for (let k = 0; k < classes; k++) {
          const probability = f(floats[p / 4 + place(k)] * r);
          floats[p / 4 + place(k)] = probability;
          floats[d / 4 + place(k)] = isExample ? f(scale * f(probability - target(k))) : 0;
        }
        total = f(total + f(f(mass * log(s)) + t));
      }
      if (isExample) floats[loss / 4 + e] = f(floats[loss / 4 + e] + total);
    }
  },
  /** R{d_j} = scale (p_j (R{z_j} - sum over k in order of p_k R{z_k})), targets that sum to 1; 0 where there is no example */
  'r-logits'(given) {
    const { floats, words, operands } = given;
    const [p, rz, mask, rd, rows, classes] = operands;
    const scale = floatOf(given, 6);
    for (let row = 0; row < rows; row++) {
      for (let e = 0; e < QUAD; e++) {
        const place = (k: number) => QUAD * (row * classes + k) + e;
        let mean = 0;
        for (let k = 0; k < classes; k++) mean = f(mean + f(floats[p / 4 + place(k)] * floats[rz / 4 + place(k)]));
        for (let k = 0; k < classes; k++) {
          const bent = f(floats[p / 4 + place(k)] * f(floats[rz / 4 + place(k)] - mean));
          floats[rd / 4 + place(k)] = words[mask / 4 + e] === 0 ? 0 : f(scale * bent);
        }
      }
    }
  },
} satisfies Record<string, Rule>;
