import { tridiagonalEigen } from './tridiagonal.ts';

/**
 * Eigenvalues, descending, and orthonormal eigenvectors of a small dense symmetric matrix: by Householder's reduction to a tridiagonal one (Golub
 * and Van Loan, Matrix Computations, 4th edition, algorithm 8.3.1) and the QR steps of that. float64, only + - * / and sqrt.
 *
 * @param matrix m x m, row by row; the elements below the diagonal are not read
 * @returns vectors[k] belongs to values[k]
 */
export function symmetricEigen(matrix: readonly ArrayLike<number>[]): { values: number[]; vectors: Float64Array[] } {
  const m = matrix.length;
  const a = matrix.map(() => new Float64Array(m));
  /** A = Q T Q', row by row */
  const q = matrix.map(() => new Float64Array(m));
  for (let i = 0; i < m; i++) {
    for (let j = i; j < m; j++) {
      a[i][j] = matrix[i][j];
      a[j][i] = matrix[i][j];
    }
    q[i][i] = 1;
  }
  const beside: number[] = [];
  const [v, p] = [new Float64Array(m), new Float64Array(m)];
  for (let k = 0; k < m - 2; k++) beside.push(reflect(a, q, v, p, k));
  if (m > 1) beside.push(a[m - 2][m - 1]);
  const { values, vectors } = tridiagonalEigen(
    a.map((row, i) => row[i]),
    beside,
  );
  return { values: values.reverse(), vectors: vectors.reverse().map((z) => timesRows(q, z)) };
}

/** Zeroes row and column k beyond the element beside the diagonal, by a reflection of all that is below it. @returns that element */
function reflect(a: Float64Array[], q: Float64Array[], v: Float64Array, p: Float64Array, k: number): number {
  const m = a.length;
  let squares = 0;
  for (let i = k + 1; i < m; i++) {
    v[i] = a[k][i];
    squares += v[i] * v[i];
  }
  const rest = squares - v[k + 1] * v[k + 1];
  if (rest === 0) return a[k][k + 1];
  const root = v[k + 1] < 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  v[k + 1] += root;
  const factor = 2 / (rest + v[k + 1] * v[k + 1]);
  let along = 0;
  for (let i = k + 1; i < m; i++) {
    const row = a[i];
    let sum = 0;
    for (let j = k + 1; j < m; j++) sum += row[j] * v[j];
    p[i] = factor * sum;
    along += p[i] * v[i];
  }
  along *= factor / 2;
  for (let i = k + 1; i < m; i++) p[i] -= along * v[i];
  for (let i = k + 1; i < m; i++) {
    const row = a[i];
    for (let j = k + 1; j < m; j++) row[j] -= v[i] * p[j] + p[i] * v[j];
  }
  for (const row of q) {
    let sum = 0;
    for (let j = k + 1; j < m; j++) sum += row[j] * v[j];
    sum *= factor;
    for (let j = k + 1; j < m; j++) row[j] -= sum * v[j];
  }
  return -root;
}

function timesRows(q: readonly Float64Array[], z: Float64Array): Float64Array {
  const y = new Float64Array(z.length);
  for (const [i, row] of q.entries()) for (let j = 0; j < z.length; j++) y[i] += row[j] * z[j];
  return y;
}
