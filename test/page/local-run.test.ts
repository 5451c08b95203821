/// <reference lib="dom" />
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inProcess, makeFolder, start } from '../support/mod.ts';
import { describeWhole, launch, openTab, serve, textOf, violations } from './browser.ts';

describeWhole('the live page and runs of this machine', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const pressed = async (tab: Tab, action: string) => {
    await tab.getByRole('button', { name: `${action} the run of table-4.2` }).click();
    await textOf(tab, '[role="alertdialog"]', new RegExp(`${action} the run of table-4.2\\?.*\\d+`));
    // the answer has the focus: the keyboard is enough
    await tab.keyboard.press('Enter');
    await textOf(
      tab,
      '.audit li:first-child',
      new RegExp(`${action.toLowerCase()} .*table-4.2: .*before: \\d+ done, .*; after: \\d+ done`),
    );
  };

  it('pauses, resumes and drains a run, asked before, with a line after, also after kill -9', async () => {
    const cwd = makeFolder();
    const actions: string[] = [];
    const folders = [join(cwd, 'results')];
    const page = await serve({ folders, log: (text) => actions.push(text) });
    // with a finer ladder: with the usual one the run may end before it is paused
    const words = ['run', 'table-4.2', '--runs', '100', '--threads', '1', '--set', 'search.growth=1.001'];
    const killed = start(words, { cwd });
    const tab = await openTab(browser, page.url);
    await tab.getByRole('link', { name: 'table-4.2' }).click();
    await textOf(tab, '.run', /running: 1 in flight, \d+ pending/);

    await tab.getByRole('button', { name: 'Pause the run' }).click();
    await tab.getByRole('button', { name: 'Leave it' }).click();
    expect(actions).toEqual([]);
    await pressed(tab, 'Pause');
    await textOf(tab, '.facts .state', /paused/);
    await textOf(tab, '.run', /paused: 0 in flight/);
    expect(await violations(tab)).toEqual([]);
    killed.kill();
    await killed.ended;
    await textOf(tab, '.facts .state', /partial/);
    await tab.locator('.run').waitFor({ state: 'detached' });

    const drained = start(words, { cwd });
    await textOf(tab, '.run', /running: 1 in flight/);
    await pressed(tab, 'Pause');
    await pressed(tab, 'Resume');
    await textOf(tab, '.facts .state', /running/);
    const watcher = await openTab(browser, (await serve({ folders, readOnly: true })).url);
    await watcher.getByRole('link', { name: 'table-4.2' }).click();
    await textOf(watcher, '.run', /in flight/);
    expect(await watcher.locator('.run button').count()).toBe(0);
    await pressed(tab, 'Drain');
    expect(await drained.ended).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/edgesweep ui \(process \d+\): tasks in flight are finished/),
    });
    await textOf(tab, '.facts .state', /partial/);
    expect(actions).toHaveLength(4);
  });

  it('shows which tasks failed in a run without a server, why, and their logs, until they are done', async () => {
    const cwd = makeFolder();
    const program = (
      fails: boolean,
    ) => `const { params } = JSON.parse(require('node:fs').readFileSync(process.env.EDGESWEEP_IN, 'utf8'));
      if (${fails} && params.x === 2) { console.error('<b>no such luck</b>'); process.exit(3); }
      require('node:fs').writeFileSync(process.env.EDGESWEEP_OUT, JSON.stringify({ loss: 1 / params.x, score: params.x }));`;
    const name = '<img src=x onerror="window.owned=1">';
    writeFileSync(join(cwd, 'probe.cjs'), program(true));
    writeFileSync(
      join(cwd, 'probes.yaml'),
      `name: probes
title: Probes
experiment: program
program: {name: probe, command: [${process.execPath}, probe.cjs], metrics: {loss: min, score: max}}
runs: 2
grid: {params.x: [1, 2, 3], params.note: ['${name}']}
`,
    );
    const run = () => inProcess(['run', 'probes.yaml', '--quiet'], { cwd });
    expect((await run()).code).toBe(1);
    const tab = await openTab(browser, (await serve({ folders: [join(cwd, 'results')] })).url);
    await tab.getByRole('link', { name: 'probes' }).click();
    await textOf(tab, '.facts', /4 of 6 done.*2 failed/);
    await textOf(tab, 'section[aria-label="list of failed tasks"]', /exit code 3/);
    await tab.locator('summary', { hasText: 'log' }).first().click();
    await textOf(tab, 'pre.log', /<b>no such luck<\/b>/);
    // several measures: each colours the grid, and stands in the table of runs
    for (const measure of ['loss', 'score']) {
      await tab.getByLabel('colour').selectOption(`mean:${measure}`);
      await textOf(tab, '.legend', new RegExp(`^${measure}, mean: `));
    }
    await tab.getByLabel('colour').selectOption('failed');
    await textOf(tab, '.legend', /failed tasks: 2 /);
    await textOf(tab, 'main', /<img src=x onerror="window.owned=1">/);
    expect(await tab.evaluate(() => 'owned' in window)).toBe(false);
    expect(await violations(tab)).toEqual([]);
    writeFileSync(join(cwd, 'probe.cjs'), program(false));
    expect((await run()).code).toBe(0);
    await textOf(tab, '.facts', /6 of 6 done/);
    await tab.locator('section[aria-label="list of failed tasks"]').waitFor({ state: 'detached' });
    await tab.locator('section[aria-label="table of cells"] a').first().click();
    await textOf(tab, 'section[aria-label="runs"] thead', /loss.*score/);
  });
});
