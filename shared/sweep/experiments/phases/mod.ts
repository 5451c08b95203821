import { z } from 'zod';
import { describeCell, layerParameters, type PhasesCell } from '../../../experiments/mod.ts';
import { phases as experiment, phasesCellSchema, phasesSchema } from '../../../experiments/phases.ts';
import { lazily } from '../../../lazily.ts';
import { TRAJECTORY } from '../../../vocabulary.ts';
import {
  commonKeys,
  dataKeys,
  excludeKey,
  excludeKeys,
  GRID,
  gridKeys,
  heading,
  rowsOnly,
  zipKeys,
} from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import type { Problem } from '../../problems.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';
import { solverKey } from '../../solver-schema.ts';
import { repeatedKeys } from '../../table.ts';
import { defineKind } from '../kind.ts';

const file = lazily(() => {
  const { c } = phasesCellSchema().shape;
  const grid = { ...gridKeys(), c: numbers(c).describe('step size times the sharpness of the initial network') };
  return mapping({
    ...heading(),
    experiment: z.literal(experiment.name).describe(experiment.describe),
    seed: commonKeys.seed(),
    runs: commonKeys.runs(),
    grid: mapping(grid).describe(GRID),
    exclude: excludeKey(() => mapping({ ...excludeKeys(), c: oneOrMore(c).optional() })),
    zip: zipKeys(Object.keys(grid)),
    data: mapping(dataKeys()).prefault({}).describe('how data are drawn, and the folder of the data sets'),
    phases: mapping({
      steps: phasesSchema().shape.steps.default(DEFAULTS.phases.steps).describe('gradient steps of a training'),
      solver: solverKey(),
    })
      .prefault({})
      .describe('settings of each training'),
    engine: commonKeys.exactEngine(),
    table: rowsOnly(experiment),
  });
});

export const phases = defineKind({
  name: 'phases',
  file,
  cellMaker(sweep) {
    const settings = { arithmetic: TRAJECTORY, ...sweep.phases } as const;
    const data = { draw: sweep.data.draw };
    return (point, dataset): PhasesCell => {
      const { activation, depth, width, initialization, c: value } = point as PhasesCell;
      const network = { activation, depth, width, dataset, batchSize: 'full' as const, initialization };
      return { ...network, data, c: value, phases: settings };
    };
  },
  problems: (cells, { phases: { solver: asked } }) => tooManyEigenvalues(cells as readonly PhasesCell[], asked.top),
  finish: (sweep) => ({ sweep, problems: repeatedKeys({ ...sweep.table, columns: [] }) }),
});

function tooManyEigenvalues(cells: readonly PhasesCell[], top: number): Problem[] {
  const parameters = (cell: PhasesCell) => layerParameters(cell).reduce((sum, count) => sum + count, 0);
  const index = cells.findIndex((cell) => top > parameters(cell));
  if (index < 0) return [];
  return [
    {
      path: ['phases', 'solver', 'top'],
      message: `more eigenvalues than the network has parameters in cell ${index} (${describeCell(cells[index])})`,
      expected: `at most ${parameters(cells[index])}`,
      got: String(top),
      fix: 'lower it',
    },
  ];
}
