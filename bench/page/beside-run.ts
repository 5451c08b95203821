import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { controlRun } from '../../orchestrator/control/mod.ts';

const PROGRAM = 'dist/program/main.js';

/** Where the page is open while the run continues. */
export type Beside = 'nothing' | 'server' | 'server and browser';

/** Of each run: seconds from start to end, processor time of the run, and of the page's server meanwhile. */
export type Cost = { beside: Beside; threads: number; seconds: number[]; ofRun: number[]; ofPage: number[] };

/** Seconds a tick of /proc lasts. */
const TICK = 0.01;

/** Processor time from /proc, in seconds: fields 14 and 15 of a process, 16 and 17 of those that it has waited for. */
function processorTime(pid: number | 'self', first: 14 | 16): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // the name was the second
  return TICK * (Number(fields[first - 3]) + Number(fields[first - 2]));
}

async function timeRun(folder: string, threads: number, tasks: number): Promise<{ seconds: number; ofRun: number }> {
  const directory = join(folder, 'beside', 'table-4.2');
  rmSync(directory, { recursive: true, force: true });
  const words = [
    'run',
    'table-4.2',
    '--runs',
    String(tasks),
    '--out',
    directory,
    '--threads',
    String(threads),
    '--quiet',
  ];
  const [began, before] = [performance.now(), processorTime('self', 16)];
  const run = spawn(process.execPath, [PROGRAM, ...words], { stdio: 'ignore' });
  const code = await new Promise<number | null>((ended) => run.once('exit', ended));
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  return { seconds: (performance.now() - began) / 1000, ofRun: processorTime('self', 16) - before };
}

type Opened = { end(): Promise<void>; used(): number };

/** A page on the folder of the run, with the sweep in sight where a browser shows it. @returns ends it, and the page's processor time so far */
async function openBeside(folder: string, beside: Beside, executablePath: string): Promise<Opened> {
  if (beside === 'nothing') return { end: async () => {}, used: () => 0 };
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
  const server = spawn(process.execPath, [PROGRAM, 'ui', join(folder, 'beside'), '--port', '0', '--json'], { env });
  const { url } = JSON.parse(String(await new Promise((heard) => server.stdout.once('data', heard))));
  const used = () => processorTime(server.pid!, 14);
  const end = async () => {
    server.kill('SIGTERM');
    await new Promise((ended) => server.once('exit', ended));
  };
  if (beside === 'server') {
    // somebody listens elsewhere: the server has all of its work, and no browser draws on this machine
    const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
    const stop = new AbortController();
    void watchElsewhere(url, cookie, stop.signal).catch(() => {});
    const endBoth = async () => {
      stop.abort();
      await end();
    };
    return { end: endBoth, used };
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const tab = await (await browser.newContext({ viewport: { width: 1600, height: 1000 } })).newPage();
  await tab.goto(url);
  await tab.locator('h1').waitFor();
  // opened when it is there
  void tab
    .getByRole('link', { name: 'table-4.2' })
    .click({ timeout: 60_000 })
    .catch(() => {});
  const endBoth = async () => {
    await browser.close();
    await end();
  };
  return { end: endBoth, used };
}

/** Asks for what the view of a sweep asks for, as often. */
async function watchElsewhere(url: string, cookie: string, signal: AbortSignal): Promise<void> {
  const get = async (path: string) => {
    const response = await fetch(new URL(path, url), { headers: { cookie }, signal });
    return response.text();
  };
  const events = await fetch(new URL('/events', url), { headers: { cookie }, signal });
  void (async () => {
    for await (const _ of events.body ?? []);
  })().catch(() => {});
  for (let turn = 0; ; turn += 1) {
    const [sweep] = JSON.parse(await get('/api/overview')).sweeps;
    if (sweep?.total > 0) {
      await get(`/api/sweeps/${sweep.id}/cells`);
      if (turn % 8 === 0) {
        await get(`/api/sweeps/${sweep.id}/table`);
        await get(`/api/sweeps/${sweep.id}/figure`);
      }
    }
    await sleep(250, undefined, { signal });
  }
}

/**
 * Times the same run with nothing beside it, with the page's server and a reader elsewhere, and with a browser on this machine too; in turn, and in
 * the opposite order every other round.
 */
export async function costOfPage(
  folder: string,
  rounds: number,
  tasks: number,
  executablePath: string,
  say: (text: string) => void,
): Promise<Cost[]> {
  const costs: Cost[] = [availableParallelism(), Math.max(1, availableParallelism() - 1)].flatMap((threads) =>
    (['nothing', 'server', 'server and browser'] as const).map((beside) => ({
      ...{ beside, threads },
      ...{ seconds: [], ofRun: [], ofPage: [] },
    })),
  );
  await timeRun(folder, costs[0].threads, 2);
  for (let round = 0; round < rounds; round += 1) {
    for (const cost of round % 2 === 0 ? costs : [...costs].reverse()) {
      const { end, used } = await openBeside(folder, cost.beside, executablePath);
      await sleep(1000);
      const before = used();
      const { seconds, ofRun } = await timeRun(folder, cost.threads, tasks);
      cost.seconds.push(seconds);
      cost.ofRun.push(ofRun);
      cost.ofPage.push(used() - before);
      await end();
      say(`${cost.threads} threads, ${cost.beside}: ${seconds.toFixed(2)} s`);
    }
  }
  return costs;
}

/** Milliseconds that a run takes to open and close its socket; the median of many. */
export function socketCost(folder: string): number {
  const times: number[] = [];
  for (let i = 0; i < 200; i += 1) {
    const began = performance.now();
    const end = controlRun({
      directory: folder,
      gate: undefined,
      counts: () => ({ done: 0, failed: 0, total: 0, left: 0, recording: 0 }),
      isDraining: () => false,
      drain: () => {},
      note: () => {},
    });
    end();
    times.push(performance.now() - began);
  }
  return median(times);
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
