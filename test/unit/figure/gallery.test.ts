import { expect, it } from 'vitest';
import { galleryPage, readExhibit } from '../../../orchestrator/gallery/mod.ts';
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

  expect(page).toContain('<h1>Depth &amp; more</h1>');
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; co');
  expect(page).toContain('edgesweep run &lt;script&gt;');
  expect(page).not.toMatch(/<script|onerror="|(src|href)="(?!data:|#)/);
  expect(page).toMatch(/<th class="right">depth<\/th>/);
  expect(page).toContain('initialStepSize: 0.1');
  expect(page).toContain('240, 240 seconds in the threads');
  expect(page).toContain('reference: 240');
  const [, figure] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(page) ?? [];
  expect(Buffer.from(figure, 'base64').toString()).toMatch(/^<svg /);
});
