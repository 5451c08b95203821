import type { Objective } from '../../../worker/engines/mod.ts';

/** Row by row, by products with the unit vectors. */
export function hessianOf(objective: Objective): Float64Array[] {
  return Array.from({ length: objective.size }, (_, k) => {
    const vector = new Float32Array(objective.size);
    vector[k] = 1;
    const product = new Float32Array(objective.size);
    objective.multiply([{ layer: 'all', vector, product }]);
    return Float64Array.from(product);
  });
}

/** Eigenvalues of a symmetric matrix, ascending: by Householder's reduction to a tridiagonal one, and bisection of that by Sturm's counts. */
export function spectrumOf(matrix: readonly Float64Array[]): number[] {
  const { diagonal, beside } = tridiagonal(matrix);
  const reach = Math.max(
    ...diagonal.map((d, i) => Math.abs(d) + Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0)),
  );
  /** how many eigenvalues are below x */
  const below = (x: number): number => {
    let [count, pivot] = [0, 1];
    for (let i = 0; i < diagonal.length; i++) {
      pivot = diagonal[i] - x - (i === 0 ? 0 : beside[i - 1] ** 2 / pivot) || Number.MIN_VALUE;
      if (pivot < 0) count += 1;
    }
    return count;
  };
  return diagonal.map((_, k) => {
    let [low, high] = [-reach, reach];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (below(middle) > k) high = middle;
      else low = middle;
    }
    return high;
  });
}

function tridiagonal(matrix: readonly Float64Array[]) {
  const n = matrix.length;
  const a = matrix.map((row, i) => Float64Array.from(row, (value, j) => (value + matrix[j][i]) / 2));
  const beside: number[] = [];
  const [v, p] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n - 1; k++) {
    let squares = 0;
    v.fill(0);
    for (let i = k + 1; i < n; i++) {
      v[i] = a[i][k];
      squares += v[i] ** 2;
    }
    beside.push(v[k + 1] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares));
    v[k + 1] -= beside[k];
    squares += v[k + 1] ** 2 - a[k + 1][k] ** 2;
    if (squares === 0) continue;
    let along = 0;
    // of what is above and to the left nothing is read again
    for (let i = k + 1; i < n; i++) {
      const row = a[i];
      p[i] = 0;
      for (let j = k + 1; j < n; j++) p[i] += (2 / squares) * row[j] * v[j];
      along += (p[i] * v[i]) / squares;
    }
    for (let i = k + 1; i < n; i++) p[i] -= along * v[i];
    for (let i = k + 1; i < n; i++) {
      const row = a[i];
      for (let j = k + 1; j < n; j++) row[j] -= v[i] * p[j] + p[i] * v[j];
    }
  }
  return { diagonal: a.map((row, i) => row[i]), beside };
}
