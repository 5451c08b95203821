/// <reference lib="dom" />
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeNodeKey, nodeKeyOf } from '../../shared/mod.ts';
import { parseTimings } from '../../shared/protocol/mod.ts';
import { loadSweepOf } from '../../shared/sweep/mod.ts';
import { inProcess, makeFolder, QUICK, start, startNats } from '../support/mod.ts';
import { makeSweepDirectory } from '../unit/figure/support.ts';
import { describeWhole, goTo, launch, misfits, openTab, serve, tabTo, textOf, violations } from './browser.ts';
import { idOf, makeResults } from './results.ts';

describeWhole('the live page, whole', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('says what became of a journal that is cut, replaced, damaged or gone, and continues with the rest', async () => {
    const parent = makeFolder();
    const sweep = loadSweepOf('maximal-step-size', 'table-4.1');
    const directory = makeSweepDirectory(parent, sweep, () => 100);
    makeSweepDirectory(parent, { ...sweep, name: 'other' }, () => 100);
    const journal = join(directory, 'outcomes.jsonl');
    const whole = readFileSync(journal, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const page = await serve({ folders: [parent] });
    const tab = await openTab(browser, page.url);
    await tab.getByRole('link', { name: 'table-4.1' }).click();
    await textOf(tab, '[data-done]', /^40 of 40 done/);

    truncateSync(journal, Buffer.byteLength(`${lines.slice(0, 7).join('\n')}\n${lines[7].slice(0, 50)}`));
    await textOf(tab, '[data-done]', /^7 of 40 done/);
    appendFileSync(journal, `${lines[7].slice(50)}\n${lines[8]}\n`);
    await textOf(tab, '[data-done]', /^9 of 40 done/);

    writeFileSync(`${journal}.new`, `${lines.slice(20).join('\n')}\n`);
    renameSync(`${journal}.new`, journal);
    await textOf(tab, '[data-done]', /^20 of 40 done/);

    appendFileSync(journal, `${lines[0].replace('"rung":100', '"rung":101')}\n`);
    await textOf(tab, '.trouble', /line 21 of the journal is damaged/);
    await textOf(tab, '.facts .state', /unreadable/);
    writeFileSync(journal, whole);
    await textOf(tab, '[data-done]', /^40 of 40 done/);
    await tab.locator('.trouble').waitFor({ state: 'detached' });

    // one that has another sweep now
    makeSweepDirectory(makeFolder(), sweep, () => undefined);
    writeFileSync(
      join(directory, 'sweep.yaml'),
      readFileSync(join(directory, 'sweep.yaml'), 'utf8').replace(/^runs: .*$/m, 'runs: 12'),
    );
    await textOf(tab, '[data-done]', /^40 of 48 done/);
    writeFileSync(join(directory, 'sweep.yaml'), 'name: [\n');
    await textOf(tab, '.trouble', /sweep.yaml/);

    rmSync(directory, { recursive: true });
    await textOf(tab, 'main', /is gone/);
    await goTo(tab, '/');
    await textOf(tab, 'section[aria-label="sweeps"]', /other.*40 of 40/);
  });

  it('stands still while frozen, and catches up', async () => {
    const parent = makeFolder();
    const directory = makeSweepDirectory(parent, loadSweepOf('maximal-step-size', 'table-4.1'), () => 100);
    const journal = join(directory, 'outcomes.jsonl');
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    writeFileSync(journal, `${lines.slice(0, 10).join('\n')}\n`);
    const tab = await openTab(browser, (await serve({ folders: [parent] })).url);
    await tab.getByRole('link', { name: 'table-4.1' }).click();
    await textOf(tab, '[data-done]', /^10 of 40 done/);
    await tab.getByRole('button', { name: 'Freeze' }).click();
    appendFileSync(journal, `${lines.slice(10).join('\n')}\n`);
    await textOf(tab, '[role="status"]', /frozen at .*; [1-9]\d* changes waiting/);
    expect(await tab.locator('[data-done]').textContent()).toMatch(/^10 of 40/);
    await tab.getByRole('button', { name: 'Continue' }).click();
    await textOf(tab, '[data-done]', /^40 of 40 done/);
  });

  it('every view is without fault for axe, in light and dark, narrow and wide', async () => {
    const page = await serve({ folders: [await makeResults()] });
    for (const [colorScheme, width] of [
      ['light', 1600],
      ['dark', 390],
    ] as const) {
      const tab = await openTab(browser, page.url, { colorScheme, viewport: { width, height: 900 } });
      const [searches, half, trajectories] = [
        await idOf(tab, 'figure-4.2'),
        await idOf(tab, 'half'),
        await idOf(tab, 'figure-3.1'),
      ];
      for (const [hash, settled] of [
        ['/', 'section[aria-label="sweeps"] td'],
        [`/s/${half}?cell=3&f.activation=tanh,relu&color=done`, '.figure-box svg'],
        [`/s/${trajectories}`, '.figure-box svg'],
        [`/s/${searches}/c/4/r/2`, 'pre'],
        [`/s/${trajectories}/c/1/r/0`, '.u-over'],
        [`/compare?sweeps=${half},${searches}`, '.figure-box svg'],
      ]) {
        await goTo(tab, hash);
        await tab.locator(settled).first().waitFor();
        expect([hash, await violations(tab)]).toEqual([hash, []]);
        expect([hash, await misfits(tab)]).toEqual([hash, { small: [], over: 0 }]);
      }
    }
  });

  it('is used by keyboard alone', async () => {
    const tab = await openTab(browser, (await serve({ folders: [await makeResults()] })).url);
    const press = async (...keys: string[]) => {
      for (const key of keys) await tab.keyboard.press(key);
    };
    await tabTo(tab, '.skip');
    await press('Enter');
    await tabTo(tab, 'input[type="search"]');
    await tab.keyboard.type('figure-4.2');
    await tabTo(tab, '.sort');
    await press('Enter');
    await tabTo(tab, 'section[aria-label="sweeps"] a');
    await press('Enter');
    await tab.locator('.grid-box canvas').waitFor();
    await tabTo(tab, '.grid-box');
    await textOf(tab, '#grid-readout', /activation linear, depth 2; 10 of 10 done/);
    await press('ArrowDown', 'ArrowRight', 'ArrowRight');
    await textOf(tab, '#grid-readout', /activation tanh, depth 4; 10 of 10 done; stepSize, mean: /);
    // the link holds it
    const link = tab.url();
    expect(link).toMatch(/cell=\d+/);
    await press('Enter');
    await textOf(tab, 'h2', /^Cell \d+: activation tanh, depth 4/);
    await tabTo(tab, 'section[aria-label="runs"] a');
    await press('Enter');
    await textOf(tab, 'h2', /^Run 0: /);
    // computed again, as `dump` does
    await tabTo(tab, 'input[type="number"]');
    await tabTo(tab, 'main button');
    await press('Enter');
    await tab.locator('.u-over').waitFor();
    await tab.goto(link);
    await textOf(tab, '#grid-readout', /activation tanh, depth 4/);
  });

  it('the comparison and a gallery are used by keyboard alone too', async () => {
    const parent = await makeResults();
    const out = join(parent, 'gallery.html');
    await inProcess(['gallery', join(parent, 'half'), '--out', out], { cwd: parent });
    const tab = await openTab(browser, (await serve({ folders: [parent] })).url);
    await tabTo(tab, 'a[href="#/compare"]');
    await tab.keyboard.press('Enter');
    await tabTo(tab, '.choices input');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Space');
    await tabTo(tab, '.choices label:last-child input');
    await tab.keyboard.press('Space');
    await textOf(tab, 'main', /Differences/);
    await tabTo(tab, '.figure-box');
    await tab.locator('.figure-box svg').waitFor();
    await tabTo(tab, '.exports a');
    const file = await openTab(browser, `file://${out}`);
    await tabTo(file, 'section[aria-label="sweeps"] a');
    await file.keyboard.press('Enter');
    await tabTo(file, '.grid-box');
    await textOf(file, '#grid-readout', /depth 2/);
    await file.keyboard.press('Enter');
    await textOf(file, 'h2', /^Cell 0/);
  });

  it('nothing moves while outcomes arrive', async () => {
    const parent = makeFolder();
    const directory = makeSweepDirectory(parent, loadSweepOf('maximal-step-size', 'figure-4.2'), (cell, run) =>
      Math.min(700, 20 * cell.depth + 13 * run),
    );
    const journal = join(directory, 'outcomes.jsonl');
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    writeFileSync(journal, `${lines.slice(0, 60).join('\n')}\n`);
    const tab = await openTab(browser, (await serve({ folders: [parent] })).url);
    for (const [hash, settled] of [
      ['/', 'section[aria-label="sweeps"] td'],
      [`/s/${await idOf(tab, 'figure-4.2')}`, '.figure-box svg'],
    ] as const) {
      writeFileSync(journal, `${lines.slice(0, 60).join('\n')}\n`);
      await goTo(tab, hash);
      await textOf(tab, 'main', /60 of 240/);
      await tab.locator(settled).first().waitFor();
      await tab
        .locator('main')
        .getByText(/^(drawing|computing) …$/)
        .waitFor({ state: 'detached' });
      await tab.evaluate(() => {
        const moved: string[] = [];
        Object.assign(window, { moved });
        type Source = { node: Node | null; previousRect: DOMRect; currentRect: DOMRect };
        type Shift = PerformanceEntry & { sources: Source[] };
        new PerformanceObserver((list) => {
          for (const { node, previousRect: was, currentRect: is } of (list.getEntries() as Shift[]).flatMap(
            ({ sources }) => sources,
          )) {
            // a number that got a digit more, and ends where it did
            if (was.right === is.right && was.top === is.top) continue;
            moved.push(`${node?.parentElement?.className}: ${node?.textContent?.slice(0, 60)}`);
          }
        }).observe({ type: 'layout-shift' });
      });
      for (let from = 60; from < 240; from += 20) {
        appendFileSync(journal, `${lines.slice(from, from + 20).join('\n')}\n`);
        await textOf(tab, 'main', new RegExp(`${from + 20} of 240`));
      }
      // the figure and the table follow
      if (hash !== '/') await tab.locator('.papers .note', { hasText: 'partial' }).waitFor({ state: 'detached' });
      const moved = await tab.evaluate(() => (window as unknown as { moved: string[] }).moved);
      expect([hash, moved]).toEqual([hash, []]);
    }
  });

  it('eight tabs of one browser hear of every change', async () => {
    const parent = makeFolder();
    const directory = makeSweepDirectory(parent, loadSweepOf('maximal-step-size', 'table-4.1'), () => 100);
    const journal = join(directory, 'outcomes.jsonl');
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    writeFileSync(journal, `${lines.slice(0, 10).join('\n')}\n`);
    const page = await serve({ folders: [parent] });
    const first = await openTab(browser, page.url);
    const tabs = [first];
    for (let i = 1; i < 8; i += 1) {
      const tab = await first.context().newPage();
      await tab.goto(new URL('/', page.url).href);
      tabs.push(tab);
    }
    for (const tab of tabs) await textOf(tab, 'section[aria-label="sweeps"]', /10 of 40/);
    appendFileSync(journal, `${lines.slice(10, 30).join('\n')}\n`);
    for (const tab of tabs) await textOf(tab, 'section[aria-label="sweeps"]', /30 of 40/);
    // the one that listens for all is closed
    await first.close();
    appendFileSync(journal, `${lines.slice(30).join('\n')}\n`);
    for (const tab of tabs.slice(1)) await textOf(tab, 'section[aria-label="sweeps"]', /40 of 40/);
  });

  it('markup and escapes of titles, values and provenance are text, live and in a gallery', async () => {
    const parent = makeFolder();
    const hostile = '<img src=x onerror="window.owned=1"><script>window.owned=1</script> $1 \\u202e \u202eabc';
    const sweep = { ...loadSweepOf('maximal-step-size', 'table-4.1'), name: 'hostile', title: hostile };
    makeSweepDirectory(parent, sweep, () => 100);
    const tab = await openTab(browser, (await serve({ folders: [parent] })).url);
    await tab.getByRole('link', { name: 'hostile' }).click();
    await tab.locator('.figure-box svg').waitFor();
    expect(await tab.locator('h1').textContent()).toContain('<img src=x onerror="window.owned=1"><script>');
    const out = join(parent, 'g.html');
    expect(
      (await inProcess(['gallery', join(parent, 'hostile'), '--out', out, '--title', '</script><b>'], { cwd: parent }))
        .code,
    ).toBe(0);
    const file = await openTab(browser, `file://${out}`);
    expect(await file.locator('h1').textContent()).toBe('</script><b>');
    await file.getByRole('link', { name: 'hostile' }).click();
    await file.locator('.figure-box svg').waitFor();
    for (const each of [tab, file]) {
      expect(await each.evaluate(() => 'owned' in window)).toBe(false);
      expect(await each.content()).not.toMatch(/\u202e/);
      expect(await each.locator('img, main script').count()).toBe(0);
    }
  });

  it('shows a cluster, pauses, resumes and cancels there, and says when the server is away', async () => {
    const server = await startNats();
    const cwd = makeFolder();
    const nats = ['--nats', server.url];
    const actions: string[] = [];
    const page = await serve({
      folders: [join(cwd, 'results')],
      nats: { servers: [server.url], timings: parseTimings(JSON.stringify(QUICK)) },
      log: (text) => actions.push(text),
    });
    const tab = await openTab(browser, page.url);
    await tab.getByRole('link', { name: 'Cluster' }).click();
    await textOf(tab, 'main', /No sweep on the server\..*No worker node is heard\./);
    // with a finer ladder: with the usual one the sweep may end before it is paused
    start(['run', 'table-4.2', '--runs', '100', '--set', 'search.growth=1.001', '--detach', ...nats], { cwd });
    await textOf(tab, 'tbody tr', /table-4_2-\w+.*running/);
    start(['worker', '--threads', '1', '--name', 'ada', ...nats], { cwd });
    await textOf(tab, 'section[aria-label="nodes"] tr', /^ada/);
    await tab.waitForFunction(() => Number(document.querySelector('tbody td:nth-child(4)')?.textContent) > 1);

    // asked before, with counts; said after
    await tab.getByRole('button', { name: /^Pause/ }).click();
    await textOf(tab, '[role="alertdialog"]', /Nodes finish the \d+ tasks in flight and take no more/);
    await tab.getByRole('button', { name: 'Leave it' }).click();
    expect(actions).toEqual([]);
    for (const [action, state] of [
      ['Pause', /paused/],
      ['Resume', /running/],
      ['Cancel', /cancelled/],
    ] as const) {
      // by keyboard alone: the answer has the focus
      await tabTo(tab, `button[aria-label^="${action}"]`);
      await tab.keyboard.press('Enter');
      await tab.locator('[role="alertdialog"]').waitFor();
      await tab.keyboard.press('Enter');
      await textOf(tab, 'section[aria-label="sweeps on the server"] tbody tr', state);
      await textOf(
        tab,
        '.audit',
        new RegExp(`${action.toLowerCase()} table-4_2-\\w+: .*before: \\d+ done.*after: \\d+ done`),
      );
    }
    expect(actions).toHaveLength(3);
    expect(await violations(tab)).toEqual([]);
    await server.kill();
    await textOf(tab, '.trouble', /since/);
    // everything else is shown as before, and the server when it is back
    await server.restart();
    await tab.locator('.trouble').waitFor({ state: 'detached' });
    await textOf(tab, 'section[aria-label="sweeps on the server"] tbody tr', /cancelled/);
    await textOf(tab, 'section[aria-label="nodes"] tr', /^ada/);
  });

  it('says which tasks failed and why, and which nodes are refused', async () => {
    const server = await startNats();
    const cwd = makeFolder();
    const nats = ['--nats', server.url];
    const program = `const { params } = JSON.parse(require('node:fs').readFileSync(process.env.EDGESWEEP_IN, 'utf8'));
      console.log('<b>training</b> with x =', params.x);
      if (params.x === 2) { console.error('no such luck'); process.exit(3); }
      require('node:fs').writeFileSync(process.env.EDGESWEEP_OUT, JSON.stringify({ loss: 1 / params.x }));`;
    writeFileSync(join(cwd, 'probe.cjs'), program);
    const sweepFile = `name: probes
title: Probes
experiment: program
program: {name: probe, command: [${process.execPath}, probe.cjs], metrics: {loss: min}}
runs: 2
grid: {params.x: [1, 2, 3]}
`;
    writeFileSync(join(cwd, 'probes.yaml'), sweepFile);
    const page = await serve({
      folders: [join(cwd, 'results')],
      nats: { servers: [server.url], timings: parseTimings(JSON.stringify(QUICK)) },
    });
    const tab = await openTab(browser, page.url);
    const allow = ['--slots', '1', '--allow', `probe=${process.execPath} probe.cjs`, '--program-dir', cwd];
    start(['worker', '--threads', '1', '--name', 'ada', ...allow, ...nats], { cwd });
    const run = start(['run', 'probes.yaml', '--quiet', ...nats], { cwd });
    expect((await run.ended).stderr).toMatch(/2 tasks failed/);
    await textOf(tab, 'section[aria-label="sweeps"] tbody tr', /probes.*4 of 6.*2/);
    await tab.getByRole('link', { name: 'probes' }).click();
    await textOf(tab, '.facts', /4 of 6 done.*2 failed/);
    await textOf(tab, 'section[aria-label="list of failed tasks"]', /exit code 3.*no such luck.*ada/s);
    await tab.getByLabel('colour').selectOption('failed');
    await textOf(tab, '.legend', /failed tasks: 2 /);
    expect(await violations(tab)).toEqual([]);
    await goTo(tab, `/s/${await idOf(tab, 'probes')}/c/1`);
    await textOf(tab, 'section[aria-label="runs"]', /failed/);
    await textOf(tab, 'section[aria-label="list of failed tasks"]', /no such luck/);
    await tab.getByRole('link', { name: 'Cluster' }).click();
    // the run has left the server, and nothing stays on its list
    await textOf(tab, 'section[aria-label="nodes"] tr', /^ada/);
    const keys = join(cwd, 'nodes.keys');
    writeFileSync(keys, `${nodeKeyOf(makeNodeKey()).publicKey} nobody\n`);
    start(['run', 'probes.yaml', '--out', 'other', '--quiet', '--trusted-keys', keys, ...nats], { cwd });
    await textOf(tab, 'section[aria-label="refused nodes"] tbody tr', /probes-\w+ada.*not trusted/);
    await textOf(tab, 'section[aria-label^="failed tasks of probes"] tbody tr', /x 2.*exit code 3.*ada/);
    expect(await violations(tab)).toEqual([]);
  });
});
