/**
 * How fast the live page is with 10^6 outcomes in 10^4 cells: first paint, with and without a summary, memory, and how soon an outcome is
 * shown after its fsync; and what it costs a running sweep. Needs chromium; `--cells` and `--runs` for other sizes, `--rounds` for more
 * timings beside a run. Writes a report to the file that `--markdown` names.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium, type Page as Tab } from 'playwright-core';
import { describeMachine, idleWarning } from '../speed/machine.ts';
import { costOfPage, median, socketCost } from './beside-run.ts';
import { makeLargeDirectory } from './directory.ts';

const { values: options } = parseArgs({
  options: {
    cells: { type: 'string' },
    runs: { type: 'string' },
    rounds: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const [cells, runs] = [Number(options.cells ?? 10_000), Number(options.runs ?? 100)];
const rounds = Number(options.rounds ?? 5);
/** Runs of each of the four cells of the sweep that is timed: some seconds. */
const TIMED_RUNS = 400;
const PROGRAM = 'dist/program/main.js';
/** Outcomes a second, for so many seconds, in so many groups a second. */
const [RATE, SECONDS, GROUPS] = [5000, 4, 50];

const say = (text: string) => process.stderr.write(`${text}\n`);
const machine = await describeMachine();
const warning = idleWarning(machine);
if (warning !== undefined) say(warning);
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-page-'));
const executablePath = process.env.EDGESWEEP_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

type Opened = { tab: Tab; paint: number; grid: number; read: number; memory: () => number; close(): Promise<void> };

/** Starts the command and opens the sweep; seconds since the start. */
async function open(done: number): Promise<Opened> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const words = [PROGRAM, 'ui', join(folder, 'results'), '--port', '0', '--json'];
  const server = spawn(process.execPath, words, { env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') } });
  const { url } = JSON.parse(String(await new Promise((heard) => server.stdout.once('data', heard))));
  const tab = await (await browser.newContext({ viewport: { width: 1600, height: 1000 } })).newPage();
  await tab.goto(url);
  await tab.locator('h1').waitFor();
  const paint = seconds();
  await tab.getByRole('link', { name: 'large' }).click();
  await tab.locator('.grid-box canvas').waitFor();
  const grid = seconds();
  await tab.locator(`[data-done="${done}"]`).waitFor({ timeout: 600_000 });
  const status = () => readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return {
    tab,
    paint,
    grid,
    read: seconds(),
    memory: () => Number(/VmHWM:\s+(\d+)/.exec(status())?.[1]) / 1024,
    async close() {
      await tab.context().close();
      server.kill('SIGTERM');
      await new Promise((ended) => server.once('exit', ended));
    },
  };
}

/** Megabytes of the heap of a tab. */
async function heapOf(tab: Tab): Promise<number> {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 2 ** 20;
}

/** Milliseconds from the fsync of a group of outcomes until the page shows as many. */
async function delays(tab: Tab, directory: string, rest: readonly string[], before: number): Promise<number[]> {
  await tab.evaluate(() => {
    const seen: [number, number][] = [];
    Object.assign(window, { seen });
    // without a name: tsx would call a helper for it that the tab does not have
    new MutationObserver(() => {
      seen.push([Number(document.querySelector('[data-done]')?.getAttribute('data-done')), Date.now()]);
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-done'] });
  });
  const file = openSync(join(directory, 'outcomes.jsonl'), 'a');
  const written: [number, number][] = [];
  const size = RATE / GROUPS;
  for (let i = 0; i + size <= Math.min(rest.length, RATE * SECONDS); i += size) {
    writeSync(file, rest.slice(i, i + size).join(''));
    fsyncSync(file);
    written.push([before + i + size, Date.now()]);
    await sleep(1000 / GROUPS);
  }
  closeSync(file);
  await tab.locator(`[data-done="${written.at(-1)?.[0]}"]`).waitFor({ timeout: 60_000 });
  const seen = await tab.evaluate(() => (window as unknown as { seen: [number, number][] }).seen);
  return written
    .map(([count, at]) => (seen.find(([done]) => done >= count)?.[1] ?? Number.NaN) - at)
    .sort((a, b) => a - b);
}

const BESIDE = {
  nothing: 'nothing',
  server: 'the page, read elsewhere',
  'server and browser': 'the page and a browser on this machine',
};

try {
  say(`writing ${cells * runs} outcomes`);
  const { directory, total, rest } = await makeLargeDirectory(folder, cells, runs, RATE * SECONDS);
  const before = total - rest.length;
  say('opening without a summary');
  const first = await open(before);
  const memory = first.memory();
  await first.close();
  say('opening with a summary');
  const second = await open(before);
  const heap = await heapOf(second.tab);
  say('appending');
  const waits = await delays(second.tab, directory, rest, before);
  const memoryAfter = second.memory();
  await second.close();
  await browser.close();
  const costs = await costOfPage(folder, rounds, TIMED_RUNS, executablePath, say);
  const [load] = loadavg();
  const page = 'dist/program/page';
  const gzip = (name: string) => (gzipSync(readFileSync(join(page, name))).length / 1024).toFixed(1);
  const chart = readdirSync(page).find((name) => /^chart-.*\.js$/.test(name)) ?? 'main.js';
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(share * waits.length))].toFixed(0);
  const rows = [
    ['first paint, s after the command', first.paint.toFixed(1), second.paint.toFixed(1)],
    ['grid of the sweep, s', first.grid.toFixed(1), second.grid.toFixed(1)],
    ['every outcome read, s', first.read.toFixed(1), second.read.toFixed(1)],
    ['largest memory of the server, MB', memory.toFixed(0), memoryAfter.toFixed(0)],
  ];
  const costRows = costs.map(({ threads, beside, seconds, ofRun, ofPage }) => {
    const alone = costs.find((cost) => cost.threads === threads && cost.beside === 'nothing')!;
    const change = (values: readonly number[], than: readonly number[]) =>
      beside === 'nothing' ? '' : `${(100 * (median(values) / median(than) - 1)).toFixed(1)} %`;
    const spread = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`;
    return [
      ...[String(threads), BESIDE[beside]],
      ...[median(seconds).toFixed(2), spread, change(seconds, alone.seconds)],
      ...[median(ofRun).toFixed(2), change(ofRun, alone.ofRun)],
      beside === 'nothing' ? '' : median(ofPage).toFixed(2),
    ];
  });
  const report = `# Speed of the live page

${total.toLocaleString('en')} outcomes in ${cells.toLocaleString('en')} cells; made by \`make bench-page\`. ${warning ?? 'The machine was idle.'}

| | without a summary | with one |
| :-- | --: | --: |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}

- Heap of the tab: ${heap.toFixed(0)} MB.
- At ${RATE} outcomes per second, an outcome is shown ${at(0.5)} ms after its fsync (median; 95 %: ${at(0.95)} ms, largest: ${at(1)} ms).
- JavaScript of the first view, gzip: ${gzip('main.js')} KB; of charts, loaded where a series is shown: ${gzip(chart)} KB.

## Beside a running sweep

\`run table-4.2 --runs ${TIMED_RUNS}\`, from start to end, ${rounds} times each, in turn; load average at the end ${load.toFixed(1)}. The server of the page
runs at nice 10. A reader elsewhere asks for what a tab asks for, as often.

| threads | beside | seconds, median | range | slower by | processor time of the run, s | more by | of the page's server, s |
| --: | :-- | --: | :-- | --: | --: | --: | --: |
${costRows.map((row) => `| ${row.join(' | ')} |`).join('\n')}

- A run opens and closes the socket on which it can be paused in ${socketCost(folder).toFixed(2)} ms; nothing else is added to its start.
- ${machine.cores} cores, ${machine.processor}, Node ${machine.node}, revision ${machine.revision}.
`;
  process.stdout.write(report);
  if (options.markdown !== undefined) writeFileSync(options.markdown, report);
} finally {
  await browser.close();
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
