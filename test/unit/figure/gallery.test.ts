import { expect, it } from 'vitest';
import { galleryPage, readExhibit } from '../../../orchestrator/gallery/mod.ts';
import type { GalleryData } from '../../../orchestrator/ui/mod.ts';
import { loadSweepOf } from '../../../shared/sweep/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { makeSweepDirectory } from './support.ts';

it('a page has each sweep with table, figure, parameters and provenance, loads nothing, and shows text as text', async () => {
  const parent = makeFolder();
  const hostile = {
    ...loadSweepOf('maximal-step-size', 'table-4.1'),
    name: 'hostile',
    title: '<img src=x onerror="alert(1)"> & co',
  };
  const directories = [loadSweepOf('maximal-step-size', 'figure-4.2'), hostile].map((sweep) =>
    makeSweepDirectory(parent, sweep, () => 100),
  );
  const page = galleryPage(await Promise.all(directories.map(readExhibit)), 'Depth & more');

  expect(page).toContain('<title>Depth &amp; more</title>');
  // markup of a title stands only in the data, where it is text
  expect(page).not.toContain('<img');
  expect(page).not.toMatch(/(src|href)="(?!data:|#)/);
  expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src/);
  const [, text] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  const { overview, sweeps }: GalleryData = JSON.parse(text);
  expect(overview.sweeps.map(({ name, done, state }) => [name, done, state])).toEqual([
    ['figure-4.2', 240, 'complete'],
    ['hostile', 40, 'complete'],
  ]);
  const [{ details, table, figure, cells, runs }] = Object.values(sweeps);
  expect(table.head).toContain('depth');
  expect(details.sweep).toContain('initialStepSize: 0.1');
  expect(details.repeat).toContain("edgesweep run '<script>'");
  expect(Object.fromEntries(details.provenance)).toMatchObject({
    outcomes: '240, 240 seconds in the threads',
    'by engine': 'reference: 240',
  });
  expect([figure.light, figure.dark].map((svg) => svg.slice(0, 5))).toEqual(['<svg ', '<svg ']);
  expect(cells.done).toEqual(new Array(24).fill(10));
  expect(runs?.[3].runs.map(({ measures }) => measures.stepSize)).toEqual(new Array(10).fill(expect.any(Number)));
});

it('counts the runs that a sweep with as many runs as it takes asks for', async () => {
  const sweep = loadSweepOf('maximal-step-size', 'table-4.1');
  const runs = { until: { ci95: 0.1, of: 'mean' as const }, block: 3, most: 100 };
  const directory = makeSweepDirectory(makeFolder(), { ...sweep, runs }, (_, run) => (run < 3 ? 100 : undefined));
  const { details, cells, runs: rows } = await readExhibit(directory);
  expect(details.standing).toMatchObject({ state: 'complete', done: 12, total: 12 });
  expect(cells.wanted).toEqual([3, 3, 3, 3]);
  expect(rows?.map((one) => one.runs.length)).toEqual([3, 3, 3, 3]);
});
