import { z } from 'zod';
import { axisSchema, map as experiment, mapSchema } from '../../../experiments/map.ts';
import type { MapCell } from '../../../experiments/mod.ts';
import { lazily } from '../../../lazily.ts';
import { BASE, blocksOf, MAX_POINTS } from '../../../map-points.ts';
import { commonKeys, dataKeys, excludeKey, GRID, heading, reduceKey, rowsOnly, zipKeys } from '../../common-schema.ts';
import { DEFAULTS } from '../../defaults.ts';
import type { Problem } from '../../problems.ts';
import { mapping } from '../../shapes.ts';
import { repeatedKeys } from '../../table.ts';
import { defineKind, type SweepOf } from '../kind.ts';
import { batchProblems, dataOf, networkAt, reductionProblems, trainingAt } from '../maximal-step-size/cells.ts';
import { layersKey, trainingExclude, trainingGrid } from '../maximal-step-size/grid.ts';
import { modelProblems } from '../maximal-step-size/models.ts';

const axis = lazily(() => {
  const { layer, from, to, scale } = axisSchema().shape;
  return mapping({
    layer: layer.default('all').describe('the layer whose step size the axis has, from 1; or all'),
    from: from.describe('the lowest value'),
    to: to.describe('the upper end; the highest value is one point below'),
    scale: scale.default('log').describe('spacing of the values'),
  }).superRefine(({ from, to }, context) => {
    if (context.issues.length > 0 || from < to) return;
    const params = {
      expected: 'from below to',
      got: `from ${from} to ${to}`,
      fix: 'an axis needs more than one value; for a single step size use experiment survival',
    };
    context.addIssue({ code: 'custom', path: ['to'], message: 'the axis is empty', params });
  });
});

const POINTS: number[] = [];
for (let points = BASE; points <= MAX_POINTS; points *= 2) POINTS.push(points);

const settings = () => {
  const { stepSize, steps, criterion } = mapSchema().shape;
  return mapping({
    x: axis().describe('horizontal axis'),
    y: axis().describe('vertical axis'),
    points: z
      .number()
      .refine((points) => POINTS.includes(points), {
        error: ({ input }) => `a power of two from ${BASE} to ${MAX_POINTS}, not ${String(input)}`,
      })
      .default(DEFAULTS.map.points)
      .describe(`points along each axis: ${POINTS.join(', ')}; more continue a coarser map`),
    stepSize: stepSize.default(1).describe('step size of layers without an axis; an axis multiplies it'),
    steps: steps.default(DEFAULTS.map.steps).describe('gradient steps of a training'),
    criterion: mapping({ lossAbove: criterion.unwrap().shape.lossAbove })
      .optional()
      .describe('a loss above this value is a divergence, as are NaN and infinity'),
  });
};

const file = lazily(() =>
  mapping({
    ...heading(),
    experiment: z.literal(experiment.name).describe(experiment.describe),
    seed: commonKeys.seed(),
    runs: commonKeys
      .runs()
      .unwrap()
      .default(1)
      .describe('maps of each cell, each with its own data and initial weights'),
    grid: mapping(trainingGrid()).describe(GRID),
    exclude: excludeKey(() => mapping(trainingExclude())),
    zip: zipKeys(Object.keys(trainingGrid())),
    data: mapping({ ...dataKeys(), reduce: reduceKey() })
      .prefault({})
      .describe('how data are drawn, and the folder of the data sets'),
    layers: layersKey(),
    map: settings().describe('axes, points and trainings of each map'),
    engine: commonKeys.exactEngine(),
    table: rowsOnly(experiment),
  }),
);

export type MapSweep = SweepOf<ReturnType<typeof file>>;

export const map = defineKind({
  name: 'map',
  file,
  axes: ({ map: { points } }) => [
    {
      key: 'block',
      length: blocksOf(points),
      values: () => Array.from({ length: blocksOf(points) }, (_, i) => i),
      path: ['map', 'points'],
      listed: false,
    },
  ],
  cellMaker({ map: { points: _, ...settings }, data, layers, engine }) {
    const drawn = dataOf(data);
    return (point, dataset): MapCell => ({
      ...networkAt(point, dataset),
      data: drawn,
      map: { ...settings, block: (point as { block: number }).block },
      ...trainingAt(point, engine, layers),
    });
  },
  problems(cells, sweep) {
    const found = (cells as readonly MapCell[]).filter(({ map: { block } }) => block === 0);
    return [
      ...batchProblems(found, sweep.grid.batchSize),
      ...reductionProblems(found),
      ...modelProblems(found, sweep.engine),
      ...axisProblems(found, sweep.map),
    ];
  },
  finish: (sweep) => ({ sweep, problems: repeatedKeys({ ...sweep.table, columns: [] }) }),
});

/** Axes of a layer that a network does not have, or twice the same. */
function axisProblems(cells: readonly MapCell[], { x, y }: Pick<MapCell['map'], 'x' | 'y'>): Problem[] {
  if (x.layer === y.layer) {
    const expected = 'two axes of different layers, or of one layer and all of them';
    const fix = `write \`layer\` for at least one of them, such as ${y.layer === 1 ? 2 : 1}`;
    return [{ path: ['map', 'y'], message: 'both axes are the same', expected, got: `layer ${y.layer} twice`, fix }];
  }
  const shallowest = cells.reduce((least, { depth }) => Math.min(least, depth), Number.POSITIVE_INFINITY);
  return Object.entries({ x, y }).flatMap(([name, { layer }]) =>
    layer === 'all' || layer <= shallowest
      ? []
      : {
          path: ['map', name, 'layer'],
          message: 'a network has no such layer',
          expected: `a layer from 1 to ${shallowest}, the depth`,
          got: String(layer),
          fix: 'lower `layer`, or raise `grid.depth`',
        },
  );
}
