import { expect, it } from 'vitest';
import { type Quadrature, quadrature, signVector, solve } from '../../../worker/eigen/mod.ts';
import { engineOf } from '../../../worker/engines/mod.ts';
import { initialWeights } from '../../../worker/experiments/trajectory/mod.ts';
import { problemOf } from '../engines/support.ts';
import { hessianOf, spectrumOf } from './dense.ts';

const PROBES = 24;
const STEPS = 40;

/** A network of 330 parameters with ten inputs, units and outputs, at its initial weights. */
function network() {
  const problem = problemOf({ inputs: 10, width: 10, outputs: 10, depth: 3 }, 60);
  const objective = engineOf('simd').objective(problem);
  objective.evaluate(initialWeights(problem, 3, 0), new Float32Array(objective.size));
  return objective;
}

const probe = (size: number, part: number) => signVector(size, { seed: 1, run: 0, part });
const moment = ({ nodes, weights }: Quadrature, power: number) =>
  nodes.reduce((sum, node, k) => sum + weights[k] * node ** power, 0);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

it('has the spectral density of a Hessian of 330 x 330: its first two moments and its distribution', () => {
  const objective = network();
  expect(objective.size).toBe(330);
  const matrix = hessianOf(objective);
  const spectrum = spectrumOf(matrix);
  const probes = Array.from({ length: PROBES }, (_, part) => probe(objective.size, part));
  const rules = solve(
    objective.multiply,
    probes.map((start) => ({ layer: 'all' as const, solving: quadrature(start, STEPS) })),
  );
  for (const [i, rule] of rules.entries()) {
    expect(rule.products).toBe(STEPS);
    expect(moment(rule, 0)).toBeCloseTo(1, 12);
    // of its own vector the moments are exact
    const product = matrix.map((row) => row.reduce((sum, value, j) => sum + value * probes[i][j], 0));
    const first = product.reduce((sum, value, j) => sum + value * probes[i][j], 0) / 330;
    expect(moment(rule, 1)).toBeCloseTo(first, 6);
    const second = product.reduce((sum, value) => sum + value * value, 0) / 330;
    expect(moment(rule, 2)).toBeCloseTo(second, 6);
    // the ends of the spectrum are found
    expect(rule.nodes.at(-1)! / spectrum.at(-1)!).toBeCloseTo(1, 5);
    expect(rule.nodes[0] / spectrum[0]).toBeCloseTo(1, 5);
  }
  // and their mean over the vectors is that of the matrix, within four standard errors
  for (const power of [1, 2]) {
    const moments = rules.map((rule) => moment(rule, power));
    const center = mean(moments);
    const standardError = Math.sqrt(mean(moments.map((m) => (m - center) ** 2)) / (PROBES - 1));
    const exact = mean(spectrum.map((value) => value ** power));
    expect(Math.abs(center - exact)).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.5 * exact);
  }
  // the share of eigenvalues below a value, at places between the bulk and its ends
  for (const share of [0.05, 0.1, 0.9, 0.95, 0.98]) {
    const at = spectrum[Math.round(share * 330)];
    const exact = spectrum.filter((value) => value <= at).length / 330;
    const ours = mean(
      rules.map(({ nodes, weights }) => nodes.reduce((sum, node, k) => sum + (node <= at ? weights[k] : 0), 0)),
    );
    expect(Math.abs(ours - exact), `share ${share}`).toBeLessThan(0.03);
  }
});

it('ends, exact, where the space of the vector is exhausted, and with nothing where a product is not finite', () => {
  const times = (diagonal: readonly number[], start: number[]) => {
    const solving = quadrature(Float64Array.from(start), 10);
    let step = solving.next();
    while (!step.done) step = solving.next(Float32Array.from(step.value, (x, i) => x * diagonal[i]));
    return step.value;
  };
  const { nodes, weights, products } = times([5, 5, -2, 7], [1, -1, 1, 0]);
  expect(products).toBe(2);
  expect([...nodes, ...weights].map((value) => Number(value.toFixed(6)))).toEqual([-2, 5, 0.333333, 0.666667]);
  expect(times([1, Number.NaN], [1, 1])).toEqual({ nodes: [], weights: [], products: 1 });
});

it('takes signs that are as often 1 as -1, and others for other names', () => {
  const [signs, others] = [probe(10_000, 0), probe(10_000, 1)];
  expect(new Set(signs)).toEqual(new Set([1, -1]));
  expect(Math.abs(mean([...signs]))).toBeLessThan(0.04);
  expect(Math.abs(mean([...signs.map((value, i) => value * others[i])]))).toBeLessThan(0.04);
});
