import { z } from 'zod';
import type { SurvivalCell } from '../../../experiments/mod.ts';
import { survival as experiment, survivalCellSchema, survivalSchema } from '../../../experiments/survival.ts';
import { commonKeys, dataKeys, EXCLUDE, GRID, heading, keysOf, reduceKey, zipKeys } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { mapping, numbers, oneOrMore } from '../../shapes.ts';
import { repeatedKeys } from '../../table.ts';
import { defineKind } from '../kind.ts';
import { batchProblems, dataOf, networkAt, reductionProblems, trainingAt } from '../maximal-step-size/cells.ts';
import { trainingExclude, trainingGrid } from '../maximal-step-size/grid.ts';
import { modelProblems } from '../maximal-step-size/models.ts';

const { stepSize } = survivalCellSchema.shape;
const grid = { ...trainingGrid, stepSize: numbers(stepSize).describe('step size of every iteration') };

const file = mapping({
  ...heading,
  experiment: z.literal(experiment.name).describe(experiment.describe),
  seed: commonKeys.seed,
  runs: commonKeys.runs,
  grid: mapping(grid).describe(GRID),
  exclude: z
    .array(mapping({ ...trainingExclude, stepSize: oneOrMore(stepSize).optional() }))
    .default([])
    .describe(EXCLUDE),
  zip: zipKeys(Object.keys(grid)),
  data: mapping({ ...dataKeys, reduce: reduceKey })
    .prefault({})
    .describe('how data are drawn, and the folder of the data sets'),
  survival: mapping({
    steps: survivalSchema.shape.steps.default(DEFAULTS.search.steps).describe('gradient steps of a training'),
    criterion: mapping({ lossAbove: survivalSchema.shape.criterion.unwrap().shape.lossAbove })
      .optional()
      .describe('a loss above this value is a divergence, as are NaN and infinity'),
  })
    .prefault({})
    .describe('settings of each training'),
  engine: commonKeys.engine,
  table: mapping({
    rows: z.array(keysOf(experiment)).optional().describe('row keys; default: keys with more than one value'),
  }).prefault({}),
});

export const survival = defineKind({
  name: 'survival',
  file,
  cellMaker(sweep) {
    const settings = sweep.survival;
    const data = dataOf(sweep.data);
    return (point, dataset): SurvivalCell => ({
      ...networkAt(point, dataset),
      data,
      stepSize: (point as SurvivalCell).stepSize,
      survival: settings,
      ...trainingAt(point),
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
  finish: (sweep) => ({ sweep, problems: repeatedKeys({ ...sweep.table, columns: [] }) }),
});
