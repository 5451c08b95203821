/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inProcess } from '../support/mod.ts';
import { describeWhole, goTo, launch, openTab, serve } from './browser.ts';
import { idOf, makeMap, makeResults } from './results.ts';

describeWhole('what the live page saves', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  /** The file that a link or button of a line of exports gives. */
  async function saved(tab: Tab, what: string, format: string): Promise<{ name: string; bytes: Buffer }> {
    const line = tab
      .locator('.exports')
      .filter({ hasText: `save ${what} as` })
      .first();
    await line.waitFor();
    const target = line
      .locator('a, button')
      .filter({ hasText: new RegExp(`^${format}$`) })
      .first();
    const [download] = await Promise.all([tab.waitForEvent('download'), target.click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  const rowsIn = ({ bytes }: { bytes: Buffer }) => bytes.toString('utf8').trimEnd().split('\n');

  /** A picture with something on it, and its size. */
  function pictureIn({ bytes }: { bytes: Buffer }): { width: number; height: number } {
    const { width, height, data } = decode(bytes);
    expect(new Set(data).size).toBeGreaterThan(10);
    return { width, height };
  }

  const isDrawing = ({ bytes }: { bytes: Buffer }) => /^<svg.*<\/svg>\s*$/s.test(bytes.toString('utf8'));

  it('every view, in every format', async () => {
    const parent = await makeResults();
    const tab = await openTab(browser, (await serve({ folders: [parent] })).url);
    const [searches, half, trajectories] = [
      await idOf(tab, 'figure-4.2'),
      await idOf(tab, 'half'),
      await idOf(tab, 'figure-3.1'),
    ];
    expect(rowsIn(await saved(tab, 'the list', 'CSV'))).toHaveLength(4);

    await goTo(tab, `/s/${searches}?f.activation=tanh,relu`);
    expect((await saved(tab, 'the grid', 'PNG')).name).toBe('figure-4.2-grid.png');
    expect(pictureIn(await saved(tab, 'the grid', 'PNG')).width).toBeGreaterThan(1000);
    expect(isDrawing(await saved(tab, 'the grid', 'SVG'))).toBe(true);
    const grid = rowsIn(await saved(tab, 'the grid', 'CSV'));
    expect(grid[0]).toMatch(/^cell,activation,depth,done,wanted,seconds,stepSize n,stepSize mean,/);
    expect(grid).toHaveLength(1 + 12);
    await tab.locator('.figure-box svg').waitFor();
    pictureIn(await saved(tab, 'the figure', 'PNG'));
    expect(isDrawing(await saved(tab, 'the figure', 'SVG'))).toBe(true);
    expect(rowsIn(await saved(tab, 'the figure', 'CSV')).length).toBeGreaterThan(24);
    expect(JSON.parse((await saved(tab, 'the figure', 'Vega-Lite')).bytes.toString()).$schema).toMatch(/vega-lite/);
    expect(rowsIn(await saved(tab, 'the table', 'CSV')).length).toBeGreaterThan(4);

    await goTo(tab, `/s/${trajectories}/c/1?runs=0,1&columns=loss,sharpness_layer_1`);
    await tab.locator('.u-over').first().waitFor();
    expect(await tab.locator('.panel').count()).toBe(2);
    expect(rowsIn(await saved(tab, 'the runs', 'CSV'))).toHaveLength(3);
    pictureIn(await saved(tab, 'the series', 'PNG'));
    expect(isDrawing(await saved(tab, 'the series', 'SVG'))).toBe(true);
    const shown = rowsIn(await saved(tab, 'the series', 'CSV of the points shown'));
    expect(shown[0]).toBe('run,iteration,loss,step_size,sharpness_layer_1');
    expect(shown).toHaveLength(1 + 2 * 60);
    const whole = rowsIn(await saved(tab, 'the series', 'CSV of every iteration of run 1'));
    expect([whole[0].split(',').length > 10, whole.length]).toEqual([true, 61]);
    // any column of the file, by its name
    await tab.locator('.columns summary').click();
    await tab.getByLabel('sharpness residual', { exact: true }).check();
    await tab.locator('.panel').nth(2).waitFor();
    expect(tab.url()).toContain('sharpness_residual');

    await goTo(tab, `/s/${searches}/c/4/r/2`);
    await tab.getByRole('button', { name: 'Compute again' }).click();
    await tab.locator('.u-over').waitFor();
    pictureIn(await saved(tab, 'the losses', 'PNG'));
    expect(rowsIn(await saved(tab, 'the losses', 'CSV'))[0]).toBe('iteration,loss');

    await goTo(tab, `/compare?sweeps=${half},${searches}`);
    await tab.locator('.figure-box svg').waitFor();
    pictureIn(await saved(tab, 'the figure', 'PNG'));
    expect(rowsIn(await saved(tab, 'the figure', 'CSV')).length).toBeGreaterThan(20);
    expect(rowsIn(await saved(tab, 'the differences', 'CSV')).length).toBeGreaterThan(4);
  });

  it('a gallery, without a server', async () => {
    const parent = await makeResults();
    const out = join(parent, 'gallery.html');
    await inProcess(['gallery', join(parent, 'half'), join(parent, 'figure-3.1'), '--out', out], { cwd: parent });
    const tab = await openTab(browser, `file://${out}`);
    await tab.getByRole('link', { name: 'figure-3.1' }).click();
    pictureIn(await saved(tab, 'the grid', 'PNG'));
    expect(rowsIn(await saved(tab, 'the grid', 'CSV'))).toHaveLength(3);
    await tab.locator('.figure-box svg').waitFor();
    pictureIn(await saved(tab, 'the figure', 'PNG'));
    expect(isDrawing(await saved(tab, 'the figure', 'SVG'))).toBe(true);
    expect(rowsIn(await saved(tab, 'the figure', 'CSV'))[0]).toMatch(/^panel,/);
    expect(rowsIn(await saved(tab, 'the table', 'CSV'))[0]).toMatch(/^task,/);
    await tab.getByRole('link', { name: '1', exact: true }).click();
    await tab.locator('.u-over').first().waitFor();
    pictureIn(await saved(tab, 'the series', 'PNG'));
    expect(rowsIn(await saved(tab, 'the series', 'CSV of the points shown')).length).toBeGreaterThan(30);
  });

  it('of a map, the picture, larger on demand, in the sweep and beside a run', async () => {
    const tab = await openTab(browser, (await serve({ folders: [await makeMap()] })).url);
    await tab.getByRole('link', { name: 'plane' }).click();
    const drawing = tab.locator('.figure-box svg');
    await drawing.locator('image').first().waitFor();
    pictureIn(await saved(tab, 'the figure', 'PNG'));
    await goTo(tab, `/s/${await idOf(tab, 'plane')}/c/0`);
    await tab.getByRole('heading', { name: 'The map that this run is a part of' }).waitFor();
    await drawing.locator('image').first().waitFor();
    const width = async () => (await drawing.boundingBox())?.width ?? 0;
    const before = await width();
    await tab.getByRole('button', { name: 'Larger' }).click();
    expect((await width()) / before).toBeCloseTo(1.5, 1);
  });
});
