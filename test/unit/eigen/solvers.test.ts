import { describe, expect, it } from 'vitest';
import {
  davidson,
  KEPT,
  lanczos,
  normalVector,
  power,
  type Solving,
  symmetricEigen,
} from '../../../worker/eigen/mod.ts';
import { tridiagonalEigen } from '../../../worker/eigen/tridiagonal.ts';

type Matrix = number[][];

/** Q D Q' with the eigenvalues given, Q from Householder reflections of normal vectors. */
function matrixWith(eigenvalues: readonly number[]): Matrix {
  const n = eigenvalues.length;
  let matrix: Matrix = eigenvalues.map((value, i) => eigenvalues.map((_, j) => (i === j ? value : 0)));
  for (let part = 0; part < 3; part++) {
    const u = normalVector(n, { seed: 5, run: 0, part });
    const squared = u.reduce((sum, value) => sum + value * value, 0);
    const reflect = (rows: Matrix): Matrix =>
      rows.map((row) => {
        const along = (2 * row.reduce((sum, value, k) => sum + value * u[k], 0)) / squared;
        return row.map((value, k) => value - along * u[k]);
      });
    const transpose = (rows: Matrix): Matrix => rows[0].map((_, j) => rows.map((row) => row[j]));
    matrix = transpose(reflect(transpose(reflect(matrix))));
  }
  return matrix;
}

const times = (matrix: Matrix, v: ArrayLike<number>): Float64Array =>
  Float64Array.from(matrix, (row) => row.reduce((sum, value, k) => sum + value * v[k], 0));

function run(solving: Solving, matrix: Matrix) {
  let step = solving.next();
  while (!step.done) step = solving.next(Float32Array.from(times(matrix, step.value)));
  return step.value;
}

const start = (n: number, part = 0) => normalVector(n, { seed: 1, run: 0, part });
const options = { count: 1, bothEnds: false, tolerance: 1e-3, maxProducts: 100 };
const fresh = (n: number) => (part: number) => start(n, part);

describe('the tridiagonal eigenproblem', () => {
  it.each([1, 2, 3, 10, 40])('of size %i: T u = value u, u orthonormal, values ascending', (m) => {
    const diagonal = [...start(m, 1)];
    const beside = [...start(m, 2)].slice(1);
    const { values, vectors } = tridiagonalEigen(diagonal, beside);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    for (let k = 0; k < m; k++) {
      const u = vectors[k];
      for (let i = 0; i < m; i++) {
        const row = diagonal[i] * u[i] + (beside[i - 1] ?? 0) * (u[i - 1] ?? 0) + (beside[i] ?? 0) * (u[i + 1] ?? 0);
        expect(Math.abs(row - values[k] * u[i])).toBeLessThan(1e-12 * m);
      }
      for (let l = 0; l <= k; l++) {
        const product = u.reduce((sum, value, i) => sum + value * vectors[l][i], 0);
        expect(product).toBeCloseTo(l === k ? 1 : 0, 12);
      }
    }
  });

  it('with zeros beside the diagonal, as after a breakdown', () => {
    expect(tridiagonalEigen([3, 1, 2], [0, 0]).values).toEqual([1, 2, 3]);
  });
});

describe('lanczos', () => {
  const eigenvalues = [-30, -5, ...Array.from({ length: 44 }, (_, k) => k / 40), 9, 10, 14, 20];
  const matrix = matrixWith(eigenvalues);
  const n = eigenvalues.length;

  it('finds the largest algebraic eigenvalue though another has the larger magnitude, and its residual is true', () => {
    const { largest, smallest, vector, products } = run(lanczos(start(n), fresh(n), options), matrix);
    expect(smallest).toEqual([]);
    const [{ value, residual, converged }] = largest;
    expect(converged).toBe(true);
    expect(Math.abs(value - 20)).toBeLessThan(20 * 1e-4);
    const true_ = times(matrix, vector).map((hv, i) => hv - value * vector[i]);
    expect(Math.hypot(...true_)).toBeLessThanOrEqual(1.01 * residual + 1e-4);
    expect(products).toBeLessThan(25);
  });

  it('finds several, at both ends', () => {
    const solution = run(lanczos(start(n), fresh(n), { ...options, count: 3, bothEnds: true }), matrix);
    solution.largest.forEach(({ value }, k) => {
      expect(value).toBeCloseTo([20, 14, 10][k], 2);
    });
    solution.smallest.forEach(({ value }, k) => {
      expect(value).toBeCloseTo([-30, -5, 0][k], 2);
    });
  });

  it('needs few products from a start near the eigenvector', () => {
    const cold = run(lanczos(start(n), fresh(n), options), matrix);
    const near = cold.vector.map((value, i) => value + (0.1 * start(n, 3)[i]) / Math.sqrt(n));
    const warm = run(lanczos(near, fresh(n), options), matrix);
    expect(warm.products).toBeLessThan(cold.products);
    expect(warm.largest[0].value).toBeCloseTo(20, 2);
  });

  it('says that it has not converged', () => {
    const { largest, products } = run(lanczos(start(n), fresh(n), { ...options, maxProducts: 3 }), matrix);
    expect(products).toBe(3);
    expect(largest[0].converged).toBe(false);
    expect(largest[0].residual).toBeGreaterThan(0.02);
  });

  it('goes on where the space of the start vector is exhausted, and knows all of a small matrix', () => {
    const small = [
      [2, 0, 0],
      [0, 7, 0],
      [0, 0, 3],
    ];
    const one = Float64Array.of(1, 0, 0);
    const { largest } = run(lanczos(one, fresh(3), { ...options, count: 3 }), small);
    largest.forEach(({ value }, k) => {
      expect(value).toBeCloseTo([7, 3, 2][k], 5);
    });
  });

  it('ends on products that are not finite', () => {
    const { largest } = run(lanczos(start(2), fresh(2), options), [
      [Number.NaN, 0],
      [0, 1],
    ]);
    expect(largest[0].converged).toBe(false);
  });
});

it.each([1, 2, 7, 20])('a dense eigenproblem of size %i: A u = value u, u orthonormal, values descending', (m) => {
  const matrix = Array.from({ length: m }, (_, i) => [...start(m, i)]);
  const at = (i: number, j: number) => (i <= j ? matrix[i][j] : matrix[j][i]);
  const { values, vectors } = symmetricEigen(matrix);
  expect(values).toEqual([...values].sort((a, b) => b - a));
  for (const [k, u] of vectors.entries()) {
    for (let i = 0; i < m; i++) {
      const row = u.reduce((sum, value, j) => sum + at(i, j) * value, 0);
      expect(Math.abs(row - values[k] * u[i])).toBeLessThan(1e-12 * m);
    }
    for (let l = 0; l <= k; l++) {
      const product = u.reduce((sum, value, i) => sum + value * vectors[l][i], 0);
      expect(product).toBeCloseTo(l === k ? 1 : 0, 12);
    }
  }
});

describe('davidson', () => {
  const n = 60;
  // several close to the largest
  const eigenvalues = Array.from({ length: n }, (_, k) =>
    k < 52 ? k / 40 - 0.3 : [12, 14, 16, 18, 19, 19.5, 19.8, 20][k - 52],
  );
  const matrix = matrixWith(eigenvalues);
  const random = start(n, 9).map((x) => x / Math.sqrt(n));
  const search = { ...options, keep: KEPT };
  const before = run(lanczos(start(n), fresh(n), search), matrix);
  /** rows and columns scaled by about so much, each by another factor, as by a P that has changed */
  const changed = (by: number): Matrix => {
    const factors = start(n, 4).map((x) => 1 + by * x);
    return matrix.map((row, i) => row.map((value, j) => value * factors[i] * factors[j]));
  };
  const largestOf = (of: Matrix) =>
    run(lanczos(start(n), fresh(n), { ...options, tolerance: 1e-6 }), of).largest[0].value;

  it('finds the largest eigenvalue of a matrix that has changed a little with fewer products, and its residual is true', () => {
    const next = changed(0.01);
    const { largest, products, vector } = run(davidson(before.ritz!, random, fresh(n), search), next);
    const [{ value, residual, converged }] = largest;
    expect(converged).toBe(true);
    expect(value / largestOf(next)).toBeCloseTo(1, 4);
    const rest = times(next, vector).map((hv, i) => hv - value * vector[i]);
    expect(Math.hypot(...rest)).toBeLessThanOrEqual(1.01 * residual + 1e-4);
    expect(residual).toBeLessThanOrEqual(1e-3 * value);
    const warm = run(
      lanczos(
        before.vector.map((x, i) => x + 0.1 * random[i]),
        fresh(n),
        options,
      ),
      next,
    );
    expect(products).toBeLessThan(warm.products);
  });

  it('sees the second eigenvalue overtake, however small the residual of the first', () => {
    const { vectors } = before.ritz!;
    // 20 becomes 18.5, all others stay
    const next = matrix.map((row, i) => row.map((value, j) => value - 1.5 * vectors[0][i] * vectors[0][j]));
    const { largest } = run(davidson(before.ritz!, random, fresh(n), search), next);
    expect(largest[0].value).toBeCloseTo(19.8, 2);
  });

  it('leaves a matrix of which nothing is known any more to Lanczos', () => {
    // other eigenvectors, and many eigenvalues near the largest
    const other = matrixWith(Array.from({ length: n }, (_, k) => 20 * (k / n) ** 0.1))
      .map((row) => row.toReversed())
      .toReversed();
    const { largest, products } = run(davidson(before.ritz!, random, fresh(n), { ...search, tolerance: 1e-5 }), other);
    expect(products).toBeGreaterThan(20);
    expect(largest[0].converged).toBe(true);
    expect(largest[0].value / largestOf(other)).toBeCloseTo(1, 4);
  });

  it('ends on products that are not finite, after the products that it may take, and with all of a small matrix', () => {
    const broken = matrix.map((row) => row.map(() => Number.NaN));
    expect(run(davidson(before.ritz!, random, fresh(n), search), broken).largest[0].converged).toBe(false);
    const few = run(davidson(before.ritz!, random, fresh(n), { ...search, maxProducts: 3 }), changed(0.05));
    expect(few).toMatchObject({ products: 3, largest: [{ converged: false }] });
    const ritz = { values: [3, 2], vectors: [Float64Array.of(0, 0, 1), Float64Array.of(1, 0, 0)] };
    const small = run(davidson(ritz, Float64Array.of(1, 0, 0), fresh(3), search), [
      [2, 0, 0],
      [0, 7, 0],
      [0, 0, 3],
    ]);
    expect(small.products).toBe(3);
    expect(small.largest[0].value).toBeCloseTo(7, 5);
  });
});

describe('power iteration by the rule of PyHessian', () => {
  const rule = { count: 1, tolerance: 1e-3, maxProducts: 100 };

  it('finds the largest magnitude, with its sign, and returns the value before the last', () => {
    const matrix = matrixWith([-30, 2, 1, 0.5, 20]);
    const values: number[] = [];
    const solving = power([start(5)], rule);
    let step = solving.next();
    while (!step.done) {
      const v = step.value;
      const product = Float32Array.from(times(matrix, v));
      values.push(v.reduce((sum, value, i) => sum + value * product[i], 0));
      step = solving.next(product);
    }
    const [{ value, converged }] = step.value.largest;
    expect(converged).toBe(true);
    expect(value).toBeCloseTo(values[values.length - 2], 4);
    expect(Math.abs(value + 30)).toBeLessThan(0.3);
  });

  it('gives up after the iterations that it has, with the last value', () => {
    const { largest, products } = run(power([start(2)], { ...rule, maxProducts: 1 }), matrixWith([1, 2]));
    expect(products).toBe(1);
    expect(largest[0].converged).toBe(false);
    expect(largest[0].residual).toBeGreaterThan(0);
  });

  it('finds further ones orthogonally to those before', () => {
    const matrix = matrixWith([50, 20, 5, 1]);
    const { largest } = run(power([start(4), start(4, 1)], { ...rule, count: 2, tolerance: 1e-6 }), matrix);
    expect(largest[0].value).toBeCloseTo(50, 1);
    expect(largest[1].value).toBeCloseTo(20, 1);
  });
});
