import { expNegative } from '../../reference/functions.ts';
import { FROM_TARGET, QUAD } from '../operations.ts';
import { f, floatOf, type Given, type Rule } from './rule.ts';

/** Softmax and layer normalisation: what is computed of a whole row. */
export const ROWS = {
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
} satisfies Record<string, Rule>;

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
