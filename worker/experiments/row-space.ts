import type { Examples, Reduction } from '../engines/mod.ts';

/**
 * The same data in fewer inputs. With fewer examples n than inputs d, X = L Q' (X n x d, L n x n lower triangular, Q d x n with
 * orthonormal columns). The gradient of the first layer's weights is a sum of residuals times rows of X, so it lies in the space that
 * these span, and what W has outside of it never changes nor meets an example: W x = (W Q)(Q' x). Training on the rows of L from the
 * first layer's W Q is therefore the same dynamics, whatever the batches, except for rounding, with n inputs instead of d.
 *
 * LQ by Householder reflections H_k = I - beta v v' (Golub and Van Loan, Matrix Computations, 4th edition, section 5.2.2, on the
 * transpose), X H_0 ... H_(n-1) = (L 0); float64, every sum ascending, only + - * / and sqrt. L is rounded to float32 once. Rows may be
 * linearly dependent: a reflection of nothing is left out.
 */
export function reduceToRowSpace(examples: Examples): { examples: Examples; reduction: Reduction } {
  const { count, inputs } = examples;
  const rows = Array.from({ length: count }, (_, e) =>
    Float64Array.from(examples.x.subarray(e * inputs, (e + 1) * inputs)),
  );
  const reflections = rows.map((row, k) => {
    const reflection = reflectionOf(row, k);
    if (reflection !== undefined) reflect(rows.slice(k), reflection);
    return reflection;
  });
  const x = new Float32Array(count * count);
  for (const [e, row] of rows.entries()) for (let i = 0; i <= e; i++) x[e * count + i] = row[i];
  return {
    examples: { ...examples, inputs: count, x },
    reduction: { inputs, columns: count, q: blocked(columnsOf(reflections, inputs)) },
  };
}

/** Works on elements `from` and after. */
type Reflection = { v: Float64Array; beta: number; from: number };

/** The one that leaves of the row, from `k` on, only the first element; undefined when there is nothing. */
function reflectionOf(row: Float64Array, k: number): Reflection | undefined {
  const v = row.slice();
  v.fill(0, 0, k);
  const norm = Math.sqrt(squares(v, k));
  if (norm === 0) return undefined;
  v[k] += v[k] < 0 ? -norm : norm;
  return { v, beta: 2 / squares(v, k), from: k };
}

function squares(v: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < v.length; i++) sum += v[i] * v[i];
  return sum;
}

/** row -= (beta row'v) v for each; four rows at a time, since one sum alone is a chain of additions that wait for each other */
function reflect(rows: readonly Float64Array[], { v, beta, from }: Reflection): void {
  const nothing = new Float64Array(v.length);
  for (let r = 0; r < rows.length; r += 4) {
    const [a, b, c, d] = [rows[r], rows[r + 1] ?? nothing, rows[r + 2] ?? nothing, rows[r + 3] ?? nothing];
    let [sa, sb, sc, sd] = [0, 0, 0, 0];
    for (let i = from; i < v.length; i++) {
      sa += a[i] * v[i];
      sb += b[i] * v[i];
      sc += c[i] * v[i];
      sd += d[i] * v[i];
    }
    [sa, sb, sc, sd] = [beta * sa, beta * sb, beta * sc, beta * sd];
    for (let i = from; i < v.length; i++) {
      a[i] -= sa * v[i];
      b[i] -= sb * v[i];
      c[i] -= sc * v[i];
      d[i] -= sd * v[i];
    }
  }
}

/** The columns of Q = H_0 ... H_(n-1) E, E the first n columns of the identity. */
function columnsOf(reflections: readonly (Reflection | undefined)[], inputs: number): Float64Array[] {
  const columns = reflections.map((_, k) => {
    const column = new Float64Array(inputs);
    column[k] = 1;
    return column;
  });
  for (const reflection of reflections.toReversed()) if (reflection !== undefined) reflect(columns, reflection);
  return columns;
}

/** As `Reduction` has them. */
function blocked(columns: readonly Float64Array[]): Float64Array {
  const inputs = columns[0].length;
  const q = new Float64Array(4 * Math.ceil(columns.length / 4) * inputs);
  for (const [k, column] of columns.entries()) {
    const block = (k >> 2) * 4 * inputs;
    for (let i = 0; i < inputs; i++) q[block + 4 * i + (k & 3)] = column[i];
  }
  return q;
}
