import { z } from 'zod';
import { canonicalize } from '../../../canonical.ts';
import type { Cell, SurvivalCell } from '../../../experiments/mod.ts';
import { survival as experiment, survivalCellSchema, survivalSchema } from '../../../experiments/survival.ts';
import { lazily } from '../../../lazily.ts';
import { commonKeys, dataKeys, excludeKey, GRID, heading, keysOf, reduceKey, zipKeys } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';
import { tableProblems } from '../../table.ts';
import { defineKind } from '../kind.ts';
import { batchProblems, dataOf, networkAt, reductionProblems, trainingAt } from '../maximal-step-size/cells.ts';
import { trainingExclude, trainingGrid } from '../maximal-step-size/grid.ts';
import { modelProblems } from '../maximal-step-size/models.ts';
import { printedValues } from '../maximal-step-size/printed.ts';

/** The longest, which is what is trained, and shorter ones, which are read off it. */
export const horizonsOf = ({ survival: { steps } }: { survival: { steps: number | number[] } }): number[] =>
  [...new Set([steps].flat())].sort((a, b) => a - b);

const file = lazily(() => {
  const { stepSize } = survivalCellSchema().shape;
  const { steps, initializations, criterion } = survivalSchema().shape;
  const grid = { ...trainingGrid(), stepSize: numbers(stepSize).describe('step size of every iteration') };
  return mapping({
    ...heading(),
    experiment: z.literal(experiment.name).describe(experiment.describe),
    seed: commonKeys.seed(),
    runs: commonKeys.runsUntil('eta50'),
    grid: mapping(grid).describe(GRID),
    exclude: excludeKey(() => mapping({ ...trainingExclude(), stepSize: oneOrMore(stepSize).optional() })),
    zip: zipKeys(Object.keys(grid)),
    data: mapping({ ...dataKeys(), reduce: reduceKey() })
      .prefault({})
      .describe('how data are drawn, and the folder of the data sets'),
    survival: mapping({
      steps: oneOrMore(steps)
        .default(DEFAULTS.survival.steps)
        .describe('gradient steps of a training; several: one training of the longest answers for all'),
      initializations: initializations
        .default(DEFAULTS.survival.initializations)
        .describe('trainings of each run at each step size, from independent initial weights on the data of the run'),
      criterion: mapping({ lossAbove: criterion.unwrap().shape.lossAbove })
        .optional()
        .describe('a loss above this value is a divergence, as are NaN and infinity'),
    })
      .prefault({})
      .describe('settings of the trainings'),
    engine: commonKeys.engine(),
    table: mapping({
      rows: z
        .array(keysOf(experiment))
        .optional()
        .describe('row keys; with stepSize a row for each step size; default: the other keys with more than one value'),
      paper: z
        .record(z.string(), z.number().positive())
        .optional()
        .describe(
          'published maximal step sizes to draw beside the curves, keyed by the values of the rows joined by ", "',
        ),
    }).prefault({}),
  });
});

export const survival = defineKind({
  name: 'survival',
  file,
  withoutRows: ['stepSize'],
  cellMaker(sweep) {
    const settings = { ...sweep.survival, steps: Math.max(...horizonsOf(sweep)) };
    const data = dataOf(sweep.data);
    return (point, dataset): SurvivalCell => ({
      ...networkAt(point, dataset),
      data,
      stepSize: (point as SurvivalCell).stepSize,
      survival: settings,
      ...trainingAt(point, sweep.engine),
    });
  },
  problems(cells, sweep) {
    const found = cells as readonly SurvivalCell[];
    return [
      ...batchProblems(found, sweep.grid.batchSize),
      ...reductionProblems(found),
      ...modelProblems(found, sweep.engine),
    ];
  },
  finish(sweep, cells, source) {
    const table = { ...sweep.table, columns: [] };
    const paper = printedValues({ ...sweep, table }, withoutStepSizes(cells), {
      ...source,
      read(written) {
        const found = source.read(written);
        return found && { ...found, cells: withoutStepSizes(found.cells) };
      },
    });
    return {
      sweep: { ...sweep, table: { ...sweep.table, ...(paper !== undefined && { paper }) } },
      problems: tableProblems({ ...table, paper }, cells),
    };
  },
});

/** A printed value is one of a training, at whatever step sizes and however often it is looked at here. */
function withoutStepSizes(cells: readonly Cell[]): Cell[] {
  const trainings = (cells as readonly SurvivalCell[]).map((cell) => ({
    ...cell,
    stepSize: 1,
    survival: { ...cell.survival, initializations: 1 },
  }));
  return [...new Map(trainings.map((cell) => [canonicalize(cell), cell])).values()];
}
