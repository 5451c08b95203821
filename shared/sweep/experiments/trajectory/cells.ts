import { describeCell, layerParameters, type TrajectoryCell } from '../../../experiments/mod.ts';
import { gaugesOf } from '../../../gauges/mod.ts';
import type { Parsed } from '../../../lazily.ts';
import { edgeOf, optimizerLabel } from '../../../optimizer.ts';
import { schemeOf } from '../../../schemes/mod.ts';
import { sharpnessColumn } from '../../../series/series.ts';
import { brokenRules, MODEL_RULES } from '../../model-rules.ts';
import type { Problem } from '../../problems.ts';
import type { trajectoryFileSchema } from './schema.ts';

/** What is wrong with the settings of trajectories as a whole. */
export function trajectoryProblems(
  cells: readonly TrajectoryCell[],
  {
    trajectory: { near, every, layers, solver },
    engine,
  }: Pick<Parsed<typeof trajectoryFileSchema>, 'trajectory' | 'engine'>,
): Problem[] {
  const problems = brokenRules(MODEL_RULES, cells, engine);
  // the sizes of other networks are not known
  if (problems.length > 0) return problems;
  if (near !== undefined && near.every >= every) {
    problems.push({
      path: ['trajectory', 'near', 'every'],
      message: '`near.every` does not measure the sharpness more often than `every`',
      expected: `fewer than \`trajectory.every\`, ${every}`,
      got: String(near.every),
      fix: 'lower it, or omit `near`',
    });
  }
  const smallest = (cell: TrajectoryCell) => (layers ? smallestLayer(cell) : parameters(cell));
  const index = cells.findIndex((cell) => solver.top > smallest(cell));
  if (index >= 0) {
    problems.push({
      path: ['trajectory', 'solver', 'top'],
      message: `more eigenvalues than ${layers ? 'a layer' : 'the network'} has parameters in cell ${index} (${describeCell(cells[index])})`,
      expected: `at most ${smallest(cells[index])}`,
      got: String(solver.top),
      fix: layers ? 'lower it, or measure the whole network alone: `layers: false`' : 'lower it',
    });
  }
  return [...problems, ...nearProblems(cells), ...schemeProblems(cells), ...gaugeProblems(cells)];
}

/** Near an edge of what is not measured nothing would ever be. */
function nearProblems(cells: readonly TrajectoryCell[]): Problem[] {
  const isBlind = (cell: TrajectoryCell) => {
    const bounded = sharpnessColumn(edgeOf(cell).matrix);
    const columns = gaugesOf(cell).flatMap(({ gauge, settings }) => gauge.columns(cell, settings));
    return cell.trajectory.near !== undefined && !columns.includes(bounded);
  };
  const index = cells.findIndex(isBlind);
  if (index < 0) return [];
  return [
    {
      path: ['trajectory', 'near'],
      message: `\`near\` needs the preconditioned sharpness, which is not measured in cell ${index} (${describeCell(cells[index])})`,
      expected: '`preconditioned: true` beside it',
      got: 'no `preconditioned`',
      fix: 'add it, or omit `near`',
    },
  ];
}

/** One problem for each kind of scheme that makes no sense with the optimiser of a cell. */
function schemeProblems(cells: readonly TrajectoryCell[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const [i, cell] of cells.entries()) {
    const { scheme, optimizer = { kind: 'sgd' } } = cell;
    const fault = problems.has(scheme.kind) ? undefined : schemeOf(scheme).fault?.(optimizer);
    if (fault === undefined) continue;
    const message = `${fault.message} in cell ${i} (${describeCell(cell)})`;
    problems.set(scheme.kind, {
      ...fault,
      path: ['grid', 'scheme'],
      message,
      got: `optimizer ${optimizerLabel(optimizer)}`,
    });
  }
  return [...problems.values()];
}

/** One problem for each gauge that cells cannot have. */
function gaugeProblems(cells: readonly TrajectoryCell[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const [i, cell] of cells.entries()) {
    for (const { gauge, settings } of gaugesOf(cell)) {
      const fault = problems.has(gauge.name) ? undefined : gauge.fault?.(cell, settings);
      if (fault === undefined) continue;
      const message = `${fault.message} in cell ${i} (${describeCell(cell)})`;
      problems.set(gauge.name, { ...fault, path: ['trajectory', gauge.name], message });
    }
  }
  return [...problems.values()];
}

const smallestLayer = (cell: TrajectoryCell): number => Math.min(...layerParameters(cell));
const parameters = (cell: TrajectoryCell): number => layerParameters(cell).reduce((sum, count) => sum + count, 0);
