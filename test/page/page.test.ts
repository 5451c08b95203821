import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inProcess, makeFolder, start } from '../support/mod.ts';
import { launch, openTab, serve, textOf, violations } from './browser.ts';
import { makeResults } from './results.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

/** What `status` says is done. */
async function statusOf(cwd: string, directory: string): Promise<number> {
  const { stdout } = await inProcess(['status', directory, '--json'], { cwd });
  return JSON.parse(stdout).done;
}

it('follows a run that is killed and resumed: the counts are those of status', async () => {
  const cwd = makeFolder();
  const page = await serve({ folders: [join(cwd, 'results')] });
  const tab = await openTab(browser, page.url);
  // there is not even a folder yet
  await textOf(tab, '.trouble', /no such folder/);
  // with a finer ladder: with the usual one a run may end before the page shows that it is running
  const words = ['run', 'table-4.2', '--runs', '100', '--threads', '1', '--set', 'search.growth=1.001', '--quiet'];
  for (const least of [2, 6]) {
    const run = start(words, { cwd });
    if (least === 2) await tab.getByRole('link', { name: 'table-4.2' }).click();
    await tab.waitForFunction(
      (many) => Number(document.querySelector('[data-done]')?.getAttribute('data-done')) >= many,
      least,
    );
    await textOf(tab, '.facts .state', /running/);
    run.kill();
    await run.ended;
    await textOf(tab, '.facts .state', /partial/);
    const done = await statusOf(cwd, 'results/table-4.2');
    await textOf(tab, '[data-done]', new RegExp(`^${done} of 400 done`));
    // cell by cell: in the table below the grid, and in the table of `table`
    const cells = await tab.locator('section[aria-label="table of cells"] tbody tr td:nth-child(3)').allTextContents();
    expect(cells.map((text) => Number.parseInt(text, 10)).reduce((sum, count) => sum + count)).toBe(done);
    await textOf(tab, '.papers .note', new RegExp(`partial: ${done} of 400 tasks`));
  }
  expect(await violations(tab)).toEqual([]);
});

it('a gallery is the same page in a file: sorted, filtered, answering to the pointer, asking nobody', async () => {
  const parent = await makeResults();
  const out = join(parent, 'gallery.html');
  await inProcess(['gallery', join(parent, 'half'), join(parent, 'figure-3.1'), '--out', out], { cwd: parent });
  const tab = await openTab(browser, `file://${out}`);
  const asked: string[] = [];
  tab.on('request', (request) => asked.push(request.url()));
  expect(await violations(tab)).toEqual([]);
  await tab.getByRole('button', { name: 'done' }).click();
  await textOf(tab, 'tbody tr:first-child', /half/);
  await tab.getByRole('searchbox').fill('trajectory');
  await textOf(tab, 'section[aria-label="sweeps"] tbody', /^figure-3.1/);
  await tab.getByRole('link', { name: 'figure-3.1' }).click();
  const line = tab.locator('.figure-box path[data-kind="line mark"]').first();
  await line.waitFor();
  const { x, y, width } = (await line.boundingBox())!;
  await tab.mouse.move(x + width, y);
  await tab.mouse.move(x + 1, y + 1);
  await textOf(tab, '.drawn .readout', /^iteration: \d+; value: /);
  await tab.getByRole('link', { name: '1', exact: true }).click();
  await tab.locator('.u-over').first().waitFor();
  expect(asked).toEqual([]);
});

it('without a browser: refuses what it must, and says how to reach it', async () => {
  const cwd = makeFolder();
  for (const [words, problem] of [
    [['ui', '--host', '0.0.0.0'], /needs TLS/],
    [['ui', '--port', '70000'], /--port cannot be used/],
    [['ui', '--cert', 'a'], /--cert and --key belong together/],
  ] as const) {
    expect(await inProcess(words, { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(problem),
    });
  }
  const page = await serve({ folders: [cwd] });
  expect(await inProcess(['ui', '--port', String(page.port)], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/the port is in use/),
  });
});
