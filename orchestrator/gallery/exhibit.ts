import { experimentOf, seriesOf, visible } from '../../shared/mod.ts';
import { readManifest, readSeries } from '../directory/mod.ts';
import { draw, readTable } from '../experiments/mod.ts';
import { figureCsv, renderSvg } from '../figure/mod.ts';
import { render, visibleLayout } from '../report/mod.ts';
import {
  darkened,
  describeRuns,
  describeSweep,
  FollowedSweep,
  type GallerySweep,
  outcomeOf,
  thinSeries,
} from '../ui/mod.ts';

/** Sweeps of more runs are shown by cell only. */
const MOST_RUNS = 5000;
/** Trainings whose series are in the file, of each sweep, and their points. */
const MOST_SERIES = 40;
const POINTS = 600;

/** What the gallery shows of one sweep directory. */
export type Exhibit = GallerySweep;

/** @throws EdgesweepError what reading the directory throws */
export async function readExhibit(directory: string): Promise<Exhibit> {
  const followed = new FollowedSweep(directory);
  await followed.poll();
  if (followed.error !== undefined) throw followed.error;
  // the page would only say that it cannot be read
  await readManifest(directory);
  const report = await readTable(directory);
  const spec = await draw([directory]);
  const details = await describeSweep(followed);
  const { model } = followed;
  const runs =
    model === undefined || model.total > MOST_RUNS
      ? undefined
      : await Promise.all(model.expansion.cells.map((_, cell) => describeRuns(followed, cell)));
  return {
    details,
    cells: model!.columns(followed.epoch),
    table: visibleLayout(report.layout()),
    figure: {
      light: visible(await renderSvg(spec)),
      dark: visible(await renderSvg(darkened(spec))),
      csv: await figureCsv(spec),
    },
    csv: render(report, 'csv'),
    ...(runs !== undefined && { runs }),
    series: await readAllSeries(followed),
  };
}

async function readAllSeries(followed: FollowedSweep): Promise<Exhibit['series']> {
  const model = followed.model!;
  if (experimentOf(model.sweep).series === undefined) return {};
  const series: Exhibit['series'] = {};
  for (let cell = 0; cell < model.expansion.cells.length; cell += 1) {
    for (let run = 0; run < model.expansion.runs; run += 1) {
      if (model.placeOf(cell, run) === undefined) continue;
      if (Object.keys(series).length === MOST_SERIES) return series;
      const outcome = await outcomeOf(followed, cell, run);
      if (seriesOf(outcome) === undefined) continue;
      const read = await readSeries(followed.directory, outcome);
      series[`${cell} ${run}`] = thinSeries(read, { points: POINTS, cell: outcome.task.cell });
    }
  }
  return series;
}
