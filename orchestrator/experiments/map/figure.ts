import type { TopLevelSpec } from 'vega-lite';
import {
  cellValue,
  counted,
  EdgesweepError,
  type GridValue,
  isOutcomeOf,
  type MapCell,
  type Series,
} from '../../../shared/mod.ts';
import { expand, type MapSweep, membersOf } from '../../../shared/sweep/mod.ts';
import { readOutcomes, readSeries } from '../../directory/mod.ts';
import { headingOf, partialNote } from '../../figure/heading.ts';
import { type DrawOptions, onlySweep } from '../../figure/mod.ts';
import { CONFIG, SCHEMA } from '../../figure/style.ts';
import { outline } from '../../report/groups.ts';
import { keyHeading } from '../../report/mod.ts';
import { boxDimension, fieldOf } from './field.ts';
import { BLUES, imageOf, ORANGES } from './image.ts';

/** units of the figure along a side of a map */
const SIDE = 420;
const MOST_MAPS = 6;
const TITLE_LETTERS = 60;

/** The maps of a sweep, from left to right: one for each combination of the keys' values and each run. */
export async function drawMaps(
  directories: readonly string[],
  sweeps: readonly MapSweep[],
  { title, ...options }: DrawOptions,
): Promise<TopLevelSpec> {
  const sweep = onlySweep(directories, sweeps, options, {
    layout: 'a map has the axes of its sweep file',
  });
  const { maps, tasks } = await readMaps(directories[0], sweep);
  if (maps.length > MOST_MAPS) {
    throw new EdgesweepError('USAGE', 'there are too many maps for a figure', {
      expected: `at most ${MOST_MAPS}`,
      got: counted(maps.length, 'map'),
      fix: 'split the sweep, or lower its runs',
    });
  }
  return {
    $schema: SCHEMA,
    title: headingOf(title ?? sweep.title, sweep.source, partialNote(tasks), TITLE_LETTERS),
    hconcat: maps.map((map, i) => panelOf(map, sweep.map, i === maps.length - 1)),
    config: CONFIG,
  } as unknown as TopLevelSpec;
}

type MapBlocks = { values: readonly (readonly [key: string, value: GridValue])[]; blocks: Map<number, Series> };

/** @throws SERIES_DAMAGED; what reading a directory throws */
async function readMaps(directory: string, sweep: MapSweep) {
  const expansion = expand(sweep);
  const { cells, runs, tasks } = expansion;
  const keys = sweep.table.rows;
  const { groups } = outline(cells, { rows: keys, columns: [] });
  const maps: MapBlocks[][] = groups.map(({ row }) =>
    Array.from({ length: runs }, (_, run) => {
      const values = keys.map((key, i) => [key, row[i]] as const);
      return { values: runs > 1 ? [...values, ['run', run] as const] : values, blocks: new Map() };
    }),
  );
  const keyOf = (cell: MapCell) => JSON.stringify(keys.map((key) => cellValue(cell, key)));
  const groupOf = new Map(groups.map(({ row }, i) => [JSON.stringify(row), i]));
  const cellOf = membersOf(expansion);
  let done = 0;
  for await (const outcome of readOutcomes(directory)) {
    if (!isOutcomeOf(outcome, 'map') || cellOf(outcome.task) === undefined) continue;
    const { cell, run } = outcome.task;
    maps[groupOf.get(keyOf(cell))!][run].blocks.set(cell.map.block, await readSeries(directory, outcome));
    done += 1;
  }
  return { maps: maps.flat(), tasks: { done, total: tasks } };
}

function panelOf(
  { values, blocks }: MapBlocks,
  { x, y, points, steps }: MapSweep['map'],
  withLegends: boolean,
): object {
  const field = fieldOf(blocks, points);
  const url = `data:image/png;base64,${Buffer.from(imageOf(field, steps)).toString('base64')}`;
  const dimension = boxDimension(field);
  const notes = [
    ...values.map(([key, value]) => `${keyHeading(key)} ${value}`),
    ...(dimension === null ? [] : [`box dimension of the boundary ${dimension.toFixed(2)}`]),
  ];
  const axis = (field: string, { layer, from, to, scale }: MapSweep['map']['x']) => ({
    field,
    type: 'quantitative',
    scale: { type: scale, domain: [from, to], nice: false, zero: false },
    axis: { grid: false, format: '~g', labelOverlap: true, ...(scale === 'log' && { tickCount: 6 }) },
    title: layer === 'all' ? 'step size' : `step size of layer ${layer}`,
  });
  const legend = (title: string) => ({
    title,
    orient: 'right',
    gradientOpacity: 1,
    gradientLength: 140,
    titleLimit: 0,
  });
  const key = (channel: 'fill' | 'stroke', scale: object, title: string) => ({
    data: { values: [{ shade: 1 }] },
    mark: { type: 'point', opacity: 0 },
    encoding: {
      [channel]: {
        field: 'shade',
        type: 'quantitative',
        scale: { ...scale, interpolate: 'rgb' },
        legend: withLegends ? legend(title) : null,
      },
    },
  });
  return {
    ...(notes.length > 0 && { title: { text: notes.join(', '), fontSize: 11, fontWeight: 'normal' } }),
    width: SIDE,
    height: SIDE,
    layer: [
      {
        data: { values: [{ url }] },
        mark: { type: 'image', width: SIDE, height: SIDE, aspect: false },
        encoding: { url: { field: 'url', type: 'nominal' }, x: { value: SIDE / 2 }, y: { value: SIDE / 2 } },
      },
      {
        data: { values: [{ x: x.from, y: y.from }] },
        mark: { type: 'point', opacity: 0 },
        encoding: { x: axis('x', x), y: axis('y', y) },
      },
      key('fill', { domain: [0, 1], range: BLUES }, 'converged: mean L / L0'),
      key('stroke', { type: 'log', domain: [1, Math.max(2, steps)], range: ORANGES }, 'diverged: iteration'),
    ],
  };
}
