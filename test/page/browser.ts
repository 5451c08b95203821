/// <reference lib="dom" />
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page as Tab } from 'playwright-core';
import { describe, expect } from 'vitest';
import { type Page, servePage } from '../../dist/orchestrator/ui/server.js';
import { cleanLater } from '../support/mod.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Minutes on a busy machine; `make test-page` sets it. */
const isWhole = process.env.EDGESWEEP_TEST_PAGE === '1';
if (!isWhole) console.warn('most tests of the live page run only in `make test-page`');

/** For a machine that does much else. */
const PATIENCE = 600_000;

/** Tests that `make test` leaves out. */
export function describeWhole(name: string, tests: () => void): void {
  describe.skipIf(!isWhole)(name, { timeout: PATIENCE }, tests);
}

/**
 * The browser of this machine, for all tests of a file.
 * @param env variables on top of those of this process
 * @throws where there is none, with how to get one
 */
export async function launch(env: Record<string, string> = {}): Promise<Browser> {
  const executablePath = process.env.EDGESWEEP_CHROMIUM ?? PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error('these tests need chromium: apt install chromium, or EDGESWEEP_CHROMIUM=/path/to/it');
  }
  // the sandbox of chromium does not work for root, as whom containers run
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string, string> });
}

type ServeOptions = Partial<Parameters<typeof servePage>[0]> & { folders: readonly string[] };

/** A page of the test's own. It is closed after the test. */
export async function serve(options: ServeOptions): Promise<Page> {
  const defaults = {
    host: '127.0.0.1',
    port: 0,
    readOnly: false,
    tls: undefined,
    nats: undefined,
    cache: undefined,
    dataFolders: () => [],
    log: () => {},
  };
  const page = await servePage({ ...defaults, ...options });
  cleanLater(() => page.close());
  return page;
}

/** Opens an address in a context of its own; whatever the page reports as an error fails the test. */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, ...options });
  const problems: string[] = [];
  cleanLater(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
  context.setDefaultTimeout(60_000);
  const tab = await context.newPage();
  tab.on('pageerror', (error) => problems.push(String(error)));
  // what a policy refuses is said there too; a server that the test stopped is no problem of the page
  tab.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) problems.push(message.text());
  });
  await tab.goto(url);
  await tab.locator('h1').waitFor();
  return tab;
}

/** Goes to a view of the page by its address, which holds the whole of it. */
export async function goTo(tab: Tab, hash: string): Promise<void> {
  await tab.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

/** Moves the focus with the Tab key alone. @throws where that leads nowhere */
export async function tabTo(tab: Tab, selector: string): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    await tab.keyboard.press('Tab');
    if (await tab.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`the Tab key does not reach ${selector}`);
}

/** Waits until an element has text that matches, and returns the text. */
export async function textOf(tab: Tab, selector: string, matches: RegExp): Promise<string> {
  const found = tab.locator(selector).filter({ hasText: matches }).first();
  await found.waitFor();
  return (await found.textContent()) ?? '';
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the view. */
export async function violations(tab: Tab): Promise<string[]> {
  // evaluated by the driver, which no policy of the page binds
  await tab.evaluate(AXE);
  return tab.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run({});
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

/** Texts in sight that are smaller than 12 pixels on the screen, and how much wider than the window the page is. */
export async function misfits(tab: Tab): Promise<{ small: string[]; over: number }> {
  return tab.evaluate(() => {
    const small: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!;
      if (node.textContent?.trim() === '' || element.getClientRects().length === 0) continue;
      const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
      const size = Number.parseFloat(getComputedStyle(element).fontSize) * (matrix?.a ?? 1);
      if (size < 11.99 && size > 0) small.push(`${size} ${element.outerHTML.slice(0, 100)}`);
    }
    return { small, over: document.documentElement.scrollWidth - window.innerWidth };
  });
}
