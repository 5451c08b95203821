import { describe, expect, it } from 'vitest';
import { lanczos, normalVector, power, type Solving } from '../../../worker/eigen/mod.ts';
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
