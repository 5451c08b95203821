import { z } from 'zod';
import { bisectSchema, bisect as experiment } from '../../../experiments/bisect.ts';
import type { BisectCell } from '../../../experiments/mod.ts';
import { lazily } from '../../../lazily.ts';
import { commonKeys, dataKeys, excludeKey, GRID, heading, reduceKey, rowsOnly, zipKeys } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import { mapping } from '../../shapes.ts';
import { repeatedKeys } from '../../table.ts';
import { defineKind } from '../kind.ts';
import { batchProblems, dataOf, networkAt, reductionProblems, trainingAt } from '../maximal-step-size/cells.ts';
import { trainingExclude, trainingGrid } from '../maximal-step-size/grid.ts';
import { modelProblems } from '../maximal-step-size/models.ts';

const settings = () => {
  const { low, high, halvings, scan, steps, criterion } = bisectSchema().shape;
  return mapping({
    low: low.default(DEFAULTS.bisect.low).describe('step size at which the training should survive'),
    high: high.default(DEFAULTS.bisect.high).describe('step size at which it should diverge'),
    halvings: halvings.default(DEFAULTS.bisect.halvings).describe('halvings of the distance in log step size'),
    scan: scan
      .default(DEFAULTS.bisect.scan)
      .describe('also train at step sizes that divide it into so many intervals, a power of two, to count crossings'),
    steps: steps.default(DEFAULTS.bisect.steps).describe('gradient steps of a training'),
    criterion: mapping({ lossAbove: criterion.unwrap().shape.lossAbove })
      .optional()
      .describe('a loss above this value is a divergence, as are NaN and infinity'),
  }).superRefine((written, context) => {
    if (context.issues.length > 0 || written.low < written.high) return;
    const params = {
      expected: `below \`bisect.high\`, ${written.high}`,
      got: String(written.low),
      fix: 'lower `bisect.low`, or raise `bisect.high`',
    };
    context.addIssue({
      code: 'custom',
      path: ['low'],
      message: 'the step sizes to bisect between are one point',
      params,
    });
  });
};

const file = lazily(() =>
  mapping({
    ...heading(),
    experiment: z.literal(experiment.name).describe(experiment.describe),
    seed: commonKeys.seed(),
    runs: commonKeys.runs(),
    grid: mapping(trainingGrid()).describe(GRID),
    exclude: excludeKey(() => mapping(trainingExclude())),
    zip: zipKeys(Object.keys(trainingGrid())),
    data: mapping({ ...dataKeys(), reduce: reduceKey() })
      .prefault({})
      .describe('how data are drawn, and the folder of the data sets'),
    bisect: settings().prefault({}).describe('where to bisect, and the settings of each training'),
    engine: commonKeys.engine(),
    table: rowsOnly(experiment),
  }),
);

export const bisect = defineKind({
  name: 'bisect',
  file,
  cellMaker(sweep) {
    const data = dataOf(sweep.data);
    return (point, dataset): BisectCell => ({
      ...networkAt(point, dataset),
      data,
      bisect: sweep.bisect,
      ...trainingAt(point, sweep.engine),
    });
  },
  problems(cells, sweep) {
    const found = cells as readonly BisectCell[];
    return [
      ...batchProblems(found, sweep.grid.batchSize),
      ...reductionProblems(found),
      ...modelProblems(found, sweep.engine),
    ];
  },
  finish: (sweep) => ({ sweep, problems: repeatedKeys({ ...sweep.table, columns: [] }) }),
});
