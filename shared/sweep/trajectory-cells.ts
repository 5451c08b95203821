import type { Cell, TrajectoryCell } from '../cell.ts';
import { describeCell } from './keys.ts';
import type { Problem } from './problems.ts';
import type { TrajectorySweep } from './schema.ts';

/** What is wrong with the settings of trajectories as a whole. */
export function trajectoryProblems(
  cells: readonly Cell[],
  { trajectory: { near, every, layers, solver } }: Pick<TrajectorySweep, 'trajectory'>,
): Problem[] {
  const problems: Problem[] = [];
  if (near !== undefined && near.every >= every) {
    problems.push({
      path: ['trajectory', 'near', 'every'],
      message: 'near 2 / step size the sharpness would be measured no more often',
      expected: `fewer than \`trajectory.every\`, ${every}`,
      got: String(near.every),
      fix: 'lower it, or leave `near` away',
    });
  }
  const smallest = (cell: TrajectoryCell) => (layers ? smallestLayer(cell) : parameters(cell));
  const index = cells.findIndex((cell) => solver.top > smallest(cell as TrajectoryCell));
  if (index >= 0) {
    problems.push({
      path: ['trajectory', 'solver', 'top'],
      message: `more eigenvalues than ${layers ? 'a layer' : 'the network'} has parameters in cell ${index} (${describeCell(cells[index])})`,
      expected: `at most ${smallest(cells[index] as TrajectoryCell)}`,
      got: String(solver.top),
      fix: layers ? 'lower it, or measure the whole network alone: `layers: false`' : 'lower it',
    });
  }
  return problems;
}

/** Weights and biases of each layer. */
export function layerParameters({ depth, width, dataset }: Cell): number[] {
  return Array.from({ length: depth }, (_, l) => {
    const inputs = l === 0 ? dataset.dimensions : width;
    return (inputs + 1) * (l === depth - 1 ? dataset.outputs : width);
  });
}

const smallestLayer = (cell: Cell): number => Math.min(...layerParameters(cell));
const parameters = (cell: Cell): number => layerParameters(cell).reduce((sum, count) => sum + count, 0);
