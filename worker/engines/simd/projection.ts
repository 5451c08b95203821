import type { Project } from '../initialize.ts';
import type { Problem } from '../problem.ts';
import { layerShapes } from '../problem.ts';
import type { Kernel } from './kernel.ts';

/** The kernel takes four rows of weights at a time, and four columns of Q, as they lie in the reduction. */
const upToFour = (count: number): number => 4 * Math.ceil(count / 4);

const rowsOf = ({ network }: Problem): number => upToFour(layerShapes(network)[0].outputs);

/** Where the memory of the problem ends, with room behind `start` for its reduction, if it has one; in bytes. */
export function layOutProjection(kernel: Kernel, start: number, problem: Problem): number {
  const { reduction } = problem;
  if (reduction === undefined) return start;
  return kernel.layoutReduction(start, rowsOf(problem), reduction.inputs, upToFour(reduction.columns));
}

/** Writes Q to the kernel's memory, which has grown to hold it. */
export function projectionOf(kernel: Kernel, problem: Problem): Project | undefined {
  const { reduction } = problem;
  if (reduction === undefined) return undefined;
  const { inputs, columns, q } = reduction;
  const buffer = kernel.memory;
  const rows = rowsOf(problem);
  const width = upToFour(columns);
  new Float64Array(buffer, kernel.at('q'), q.length).set(q);
  const all = new Float32Array(buffer, kernel.at('fullWeights'), rows * inputs);
  const projected = new Float32Array(buffer, kernel.at('projected'), rows * width);
  return (w, _, target) => {
    all.set(w);
    kernel.project(rows, inputs, width);
    for (let k = 0; k < target.length; k++) target[k] = projected[Math.floor(k / columns) * width + (k % columns)];
  };
}
