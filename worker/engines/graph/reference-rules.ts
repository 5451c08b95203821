import { ACTIVATIONS } from '../../../shared/mod.ts';
import { ACTIVATION_FUNCTIONS } from '../reference/activations.ts';
import { expNegative, log } from '../reference/functions.ts';
import { updateOf } from '../reference/optimizers.ts';
import { DESCENTS, FROM_BIAS, FROM_TARGET, type Operation, POSITION_WORDS, QUAD, TERM_WORDS } from './operations.ts';

const f = Math.fround;

/** The memory, and the operands of one instruction. */
type Given = { floats: Float32Array; words: Int32Array; operands: Int32Array; quad: number };
type Rule = (given: Given) => void;

/** An operand that is a float32. */
const floatOf = ({ operands }: Given, k: number): number =>
  new Float32Array(operands.buffer, operands.byteOffset + 4 * k, 1)[0];

/** What each operation computes, one rounding to float32 at a time; see `reference.ts` for the layout and the sums over examples. */
export const RULES: Record<Operation, Rule> = {
  /** to <- from + quad stride */
  copy({ floats, operands: [to, from, units, stride], quad }) {
    const start = (from + quad * stride) / 4;
    floats.copyWithin(to / 4, start, start + QUAD * units);
  },
  clear({ floats, operands: [to, units] }) {
    floats.fill(0, to / 4, to / 4 + QUAD * units);
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
  /** h = f(z) in the place of z, which is kept in that of s: the slope of some functions needs it */
  activate({ floats, operands: [kind, h, z, units] }) {
    const { value } = ACTIVATION_FUNCTIONS[ACTIVATIONS[kind]];
    floats.copyWithin(z / 4, h / 4, h / 4 + QUAD * units);
    for (let k = h / 4; k < h / 4 + QUAD * units; k++) floats[k] = value(floats[k]);
  },
  /** s = f'(z), q = d f''(z), and d f'(z) in the place of d */
  'through-slope'({ floats, operands: [kind, d, h, s, q, units] }) {
    const { slope, curvature } = ACTIVATION_FUNCTIONS[ACTIVATIONS[kind]];
    for (let k = 0; k < QUAD * units; k++) {
      const [value, z, delta] = [floats[h / 4 + k], floats[s / 4 + k], floats[d / 4 + k]];
      const of = slope(value, z);
      floats[q / 4 + k] = f(delta * curvature(value, of, z));
      floats[s / 4 + k] = of;
      floats[d / 4 + k] = f(delta * of);
    }
  },
  /** R{h} = s R{z} */
  'r-through-slope'({ floats, operands: [, rz, , s, rh, units] }) {
    for (let k = 0; k < QUAD * units; k++) floats[rh / 4 + k] = f(floats[s / 4 + k] * floats[rz / 4 + k]);
  },
  /** s R{d} + q R{z} in the place of R{d} */
  'r-delta'({ floats, operands: [, rd, , s, q, , rz, units] }) {
    for (let k = 0; k < QUAD * units; k++) {
      const [of, bend] = [floats[s / 4 + k], floats[q / 4 + k]];
      floats[rd / 4 + k] = f(f(of * floats[rd / 4 + k]) + f(bend * floats[rz / 4 + k]));
    }
  },
  /** Averages over squares of 2 x 2: ((a + b) + (c + d)) / 4, a and b above c and d; an odd row or column is left out. */
  pool({ floats, operands: [from, to, channels, side] }) {
    const half = side >> 1;
    for (let k = 0; k < channels * half * half; k++) {
      const first = from / 4 + QUAD * cornerOf(k, side);
      for (let e = first; e < first + QUAD; e++) {
        const above = f(floats[e] + floats[e + QUAD]);
        const below = f(floats[e + QUAD * side] + floats[e + QUAD * (side + 1)]);
        floats[to / 4 + QUAD * k + e - first] = f(0.25 * f(above + below));
      }
    }
  },
  /** A quarter of each average's value to the four; 0 to what is left out. */
  unpool({ floats, operands: [from, to, channels, side] }) {
    const half = side >> 1;
    floats.fill(0, to / 4, to / 4 + QUAD * channels * side * side);
    for (let k = 0; k < channels * half * half; k++) {
      for (const place of [0, 1, side, side + 1]) {
        const first = to / 4 + QUAD * (cornerOf(k, side) + place);
        for (let e = 0; e < QUAD; e++) floats[first + e] = f(0.25 * floats[from / 4 + QUAD * k + e]);
      }
    }
  },
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
  /** target = a + b */
  add({ floats, operands: [target, a, b, units] }) {
    for (let k = 0; k < QUAD * units; k++) floats[target / 4 + k] = f(floats[a / 4 + k] + floats[b / 4 + k]);
  },
  /**
   * Of each row a = softmax(scale s): m the largest s (the first, and each later one that is larger), e_k = e^-(scale (m - s_k)), their sum in order
   * from 0, and a_k = e_k / sum
   */
  softmax(given) {
    const { floats, operands } = given;
    const [s, a, rows, count] = operands;
    const scale = floatOf(given, 4);
    eachRow(given, rows, count, (at, length) => {
      let largest = floats[s / 4 + at(0)];
      for (let k = 1; k < length; k++) if (largest < floats[s / 4 + at(k)]) largest = floats[s / 4 + at(k)];
      let sum = 0;
      for (let k = 0; k < length; k++) {
        const exponential = expNegative(f(scale * f(largest - floats[s / 4 + at(k)])));
        floats[a / 4 + at(k)] = exponential;
        sum = f(sum + exponential);
      }
      for (let k = 0; k < length; k++) floats[a / 4 + at(k)] = f(floats[a / 4 + at(k)] / sum);
    });
  },
  /** Of each row target_k = scale (a_k (v_k - t)), t the sum of a_k v_k in order from 0: the derivative of `softmax` along v, or its transpose */
  'softmax-slope'(given) {
    const { floats, operands } = given;
    const [a, v, target, rows, count] = operands;
    const scale = floatOf(given, 5);
    eachRow(given, rows, count, (at, length) => {
      const t = dot(floats, a, v, at, length);
      for (let k = 0; k < length; k++) {
        floats[target / 4 + at(k)] = f(scale * f(floats[a / 4 + at(k)] * f(floats[v / 4 + at(k)] - t)));
      }
    });
  },
  /** Of each row target_k += scale ((R{a_k} (v_k - t)) - (a_k u)), t as before, u the sum of R{a_k} v_k: the derivative of `softmax-slope` by a */
  'softmax-curve'(given) {
    const { floats, operands } = given;
    const [a, v, ra, target, rows, count] = operands;
    const scale = floatOf(given, 6);
    eachRow(given, rows, count, (at, length) => {
      const [t, u] = [dot(floats, a, v, at, length), dot(floats, ra, v, at, length)];
      for (let k = 0; k < length; k++) {
        const bent = f(f(floats[ra / 4 + at(k)] * f(floats[v / 4 + at(k)] - t)) - f(floats[a / 4 + at(k)] * u));
        floats[target / 4 + at(k)] = f(floats[target / 4 + at(k)] + f(scale * bent));
      }
    });
  },
  /**
   * Of each row of `length` units: mean m = (sum of x in order from 0) / length, variance that of (x - m)^2, r = 1 / sqrt(variance + 1e-5),
   * y = (x - m) r
   */
  norm(given) {
    const { floats, operands } = given;
    const [x, y, r, rows, length] = operands;
    eachOfRows(rows, length, (row, at) => {
      const mean = f(sumOf(length, (k) => floats[x / 4 + at(k)]) / length);
      const squares = sumOf(length, (k) => {
        const distance = f(floats[x / 4 + at(k)] - mean);
        return f(distance * distance);
      });
      const root = f(1 / f(Math.sqrt(f(f(squares / length) + EPSILON))));
      floats[r / 4 + row] = root;
      for (let k = 0; k < length; k++) floats[y / 4 + at(k)] = f(f(floats[x / 4 + at(k)] - mean) * root);
    });
  },
  /** Of each row r ((v - mean v) - (y mean(v y))), in the target or added to it: the derivative of `norm` along v, or its transpose */
  'norm-slope'(given) {
    const { floats, operands } = given;
    const [y, r, v, target, rows, length, start] = operands;
    eachOfRows(rows, length, (row, at) => {
      const mean = f(sumOf(length, (k) => floats[v / 4 + at(k)]) / length);
      const along = f(dot(floats, v, y, at, length) / length);
      for (let k = 0; k < length; k++) {
        const rest = f(f(floats[v / 4 + at(k)] - mean) - f(floats[y / 4 + at(k)] * along));
        const value = f(floats[r / 4 + row] * rest);
        floats[target / 4 + at(k)] = start === FROM_TARGET ? f(floats[target / 4 + at(k)] + value) : value;
      }
    });
  },
  /**
   * Of each row target -= r (((r p) ((v - mean v) - (y mean(v y)))) + ((R{y} mean(v y)) + (y mean(v R{y})))), p = mean(y R{x}): the derivative of
   * `norm-slope` by x
   */
  'norm-curve'(given) {
    const { floats, operands } = given;
    const [y, r, v, rx, ry, target, rows, length] = operands;
    eachOfRows(rows, length, (row, at) => {
      const mean = f(sumOf(length, (k) => floats[v / 4 + at(k)]) / length);
      const along = f(dot(floats, v, y, at, length) / length);
      const turned = f(dot(floats, v, ry, at, length) / length);
      const root = floats[r / 4 + row];
      const change = f(root * f(dot(floats, y, rx, at, length) / length));
      for (let k = 0; k < length; k++) {
        const value = floats[y / 4 + at(k)];
        const rest = f(f(floats[v / 4 + at(k)] - mean) - f(value * along));
        const bent = f(f(change * rest) + f(f(floats[ry / 4 + at(k)] * along) + f(value * turned)));
        floats[target / 4 + at(k)] = f(floats[target / 4 + at(k)] - f(root * bent));
      }
    });
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
  /** A step of an optimiser, as `reference/optimizers.ts` has it; every lane has a step size of its own */
  descend(given) {
    const { floats, operands } = given;
    const [w, v, g, stepSizes, units, kind] = operands;
    const rules = { optimizer: DESCENTS[kind], momentum: floatOf(given, 6) };
    const [parameters, velocities] = [w, v].map((place) => floats.subarray(place / 4, place / 4 + QUAD * units));
    for (let e = 0; e < QUAD; e++) {
      const update = updateOf(rules, floats[stepSizes / 4 + e]);
      for (let k = e; k < QUAD * units; k += QUAD) update(parameters, velocities, k, floats[g / 4 + k]);
    }
  },
};

/** Added to the variance of a row. */
const EPSILON = f(1e-5);

/** Places of the values of a row, relative to the first of the tensor. */
type At = (k: number) => number;

/** Each row of a table of [offset, length], and each example. */
function eachRow({ words }: Given, rows: number, count: number, rule: (at: At, length: number) => void): void {
  for (let i = 0; i < count; i++) {
    const [offset, length] = [words[rows / 4 + 2 * i], words[rows / 4 + 2 * i + 1]];
    for (let e = 0; e < QUAD; e++) rule((k) => offset / 4 + QUAD * k + e, length);
  }
}

/** Rows of one length, one after the other; `row` is the place of what there is once a row. */
function eachOfRows(rows: number, length: number, rule: (row: number, at: At) => void): void {
  for (let i = 0; i < rows; i++) {
    for (let e = 0; e < QUAD; e++) rule(QUAD * i + e, (k) => QUAD * (i * length + k) + e);
  }
}

/** In order, from 0. */
function sumOf(length: number, of: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum = f(sum + of(k));
  return sum;
}

const dot = (floats: Float32Array, a: number, b: number, at: At, length: number): number =>
  sumOf(length, (k) => f(floats[a / 4 + at(k)] * floats[b / 4 + at(k)]));

/** The first of the four values of average k, in units. */
function cornerOf(k: number, side: number): number {
  const half = side >> 1;
  const [channel, row, column] = [Math.floor(k / half / half), Math.floor(k / half) % half, k % half];
  return channel * side * side + 2 * row * side + 2 * column;
}

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
