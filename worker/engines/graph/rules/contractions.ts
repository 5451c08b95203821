import { FROM_BIAS, FROM_TARGET, POSITION_WORDS, QUAD, TERM_WORDS } from '../operations.ts';
import { f, type Given, type Rule } from './rule.ts';

/** Products of values and parameters, summed over terms, positions or examples. */
export const CONTRACTIONS = {
  /** to <- from + quad stride */
  copy({ floats, operands: [to, from, units, stride], quad }) {
    const start = (from + quad * stride) / 4;
    floats.copyWithin(to / 4, start, start + QUAD * units);
  },
  clear({ floats, operands: [to, units] }) {
    floats.fill(0, to / 4, to / 4 + QUAD * units);
  },
  /** target = a + b */
  add({ floats, operands: [target, a, b, units] }) {
    for (let k = 0; k < QUAD * units; k++) floats[target / 4 + k] = f(floats[a / 4 + k] + floats[b / 4 + k]);
  },
  /** At every position, target[j] = start + sum over its terms in order of x[term] w[j][term], w parameters. */
  weigh: (given) => contract(given, true),
  /** The same, w values of the examples, or parameters that each lane has for itself. */
  pair: (given) => contract(given, false),
  /** g[j][i] += sum over positions of d[position][j] x[position][i], in the 16 partial sums */
  contribute({ floats, words, operands }) {
    const [positions, count, d, x, g, outputs, dStep, gOutputStep, inputs, xStep, gInputStep] = operands;
    for (let j = 0; j < outputs; j++) {
      for (let i = 0; i < inputs; i++) {
        const target = (g + j * gOutputStep + i * gInputStep) / 4;
        for (let p = 0; p < count; p++) {
          const from = (d + words[positions / 4 + 2 * p] + j * dStep) / 4;
          const by = (x + words[positions / 4 + 2 * p + 1] + i * xStep) / 4;
          for (let e = 0; e < QUAD; e++)
            floats[target + e] = f(floats[target + e] + f(floats[from + e] * floats[by + e]));
        }
      }
    }
  },
  /** g[position][j] += d[position][j], in the 16 partial sums; positions may share a g */
  sum({ floats, words, operands: [positions, count, d, g, outputs, dStep] }) {
    for (let p = 0; p < count; p++) {
      for (let j = 0; j < outputs; j++) {
        const from = (d + words[positions / 4 + 2 * p] + j * dStep) / 4;
        const target = (g + words[positions / 4 + 2 * p + 1]) / 4 + QUAD * j;
        for (let e = 0; e < QUAD; e++) floats[target + e] = f(floats[target + e] + floats[from + e]);
      }
    }
  },
  /** The sums of 16 partial sums each: u_i = (s_i + s_(i+8)) + (s_(i+4) + s_(i+12)), then (u_0 + u_2) + (u_1 + u_3). */
  collect({ floats, operands: [g, target, count] }) {
    for (let k = 0; k < count; k++) {
      const s = floats.subarray(g / 4 + QUAD * k, g / 4 + QUAD * (k + 1));
      const u = (i: number) => f(f(s[i] + s[i + 8]) + f(s[i + 4] + s[i + 12]));
      floats[target / 4 + k] = f(f(u(0) + u(2)) + f(u(1) + u(3)));
    }
  },
  /**
   * What `collect` comes to where only the first `lanes` of 16 partial sums are not 0, of every `lanes` of them by themselves: in the place of each
   * the sum of it and of the one whose number differs in the bit 4, then 2, then 1. In each lane of check the sum of all times 0.
   */
  totals({ floats, operands: [g, units, lanes, check] }) {
    floats.fill(0, check / 4, check / 4 + QUAD);
    for (let k = 0; k < units; k++) {
      const s = floats.subarray(g / 4 + QUAD * k, g / 4 + QUAD * (k + 1));
      for (let bit = lanes / 2; bit >= 1; bit /= 2) s.set(s.map((sum, e) => f(sum + s[e ^ bit])));
      for (let e = 0; e < QUAD; e++) floats[check / 4 + e] = f(floats[check / 4 + e] + f(0 * s[e]));
    }
  },
} satisfies Record<string, Rule>;

function contract({ floats, words, operands }: Given, isParameter: boolean): void {
  const [positions, count, x, w, bias, target, targetStep, wStep, start] = operands;
  for (let p = 0; p < count; p++) {
    const record = positions / 4 + POSITION_WORDS * p;
    const [ofTarget, ofX, ofW, ofBias, terms, termCount, outputs] = words.subarray(record, record + POSITION_WORDS);
    for (let j = 0; j < outputs; j++) {
      const to = (target + ofTarget + j * targetStep) / 4;
      for (let e = 0; e < QUAD; e++) {
        const b = (bias + ofBias) / 4 + (isParameter ? j : QUAD * j + e);
        let sum = start === FROM_TARGET ? floats[to + e] : start === FROM_BIAS ? floats[b] : 0;
        for (let t = terms / 4; t < terms / 4 + TERM_WORDS * termCount; t += TERM_WORDS) {
          const factor = floats[(w + ofW + j * wStep + words[t + 1]) / 4 + (isParameter ? 0 : e)];
          sum = f(sum + f(floats[(x + ofX + words[t]) / 4 + e] * factor));
        }
        floats[to + e] = sum;
      }
    }
  }
}
