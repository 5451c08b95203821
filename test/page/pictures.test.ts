/// <reference lib="dom" />
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from 'fast-png';
import pixelmatch from 'pixelmatch';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../support/mod.ts';
import { describeWhole, goTo, launch, openTab, serve } from './browser.ts';
import { idOf, makeResults } from './results.ts';

const FOLDER = fileURLToPath(new URL('./pictures/', import.meta.url));
/** What was seen where it differs, and where: not part of the repository. */
const DIFFERENCES = fileURLToPath(new URL('../../.build/page-pictures/', import.meta.url));
/** Colours of one pixel that differ by less are the same: edges of letters and lines, which versions of a browser smooth differently. */
const THRESHOLD = 0.2;
/**
 * Share of pixels that may differ. The fonts are those of the repository on every machine. What differs are the browser's own: the look of buttons,
 * lists and bars, and where the line of a text stands, which moves what is below by a pixel or two. A view that lacks a part differs by 10 % and more.
 */
const TOLERANCE = 0.04;

/** A configuration for fontconfig that knows one family, for all names. */
function fontsOfRepository(): Record<string, string> {
  const folder = makeFolder();
  const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
  const file = join(folder, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${folder}</cachedir>
<match target="pattern"><edit name="family" mode="assign" binding="strong"><string>DejaVu Sans</string></edit></match>
<match target="font"><edit name="hinting" mode="assign"><bool>false</bool></edit><edit name="rgba" mode="assign"><const>none</const></edit></match>
</fontconfig>`,
  );
  return { FONTCONFIG_FILE: file };
}

const VIEWS = [
  {
    name: 'overview',
    sweep: undefined,
    part: '',
    settled: 'section[aria-label="sweeps"] td',
    width: 1600,
    height: 420,
    scheme: 'light',
  },
  {
    name: 'sweep',
    sweep: 'half',
    part: '?cell=3&color=mean:stepSize',
    settled: '.figure-box svg',
    width: 1600,
    height: 1200,
    scheme: 'dark',
  },
  {
    name: 'sweep',
    sweep: 'figure-4.2',
    part: '?cell=3',
    settled: '.figure-box svg',
    width: 390,
    height: 1500,
    scheme: 'light',
  },
  { name: 'cell', sweep: 'figure-3.1', part: '/c/1/r/0', settled: '.u-over', width: 390, height: 1500, scheme: 'dark' },
] as const;

describeWhole('the live page as pictures', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch(fontsOfRepository());
  });
  afterAll(() => browser?.close());

  it('looks as it did, narrow and wide, light and dark', async () => {
    const parent = await makeResults();
    for (const name of ['half', 'figure-4.2', 'figure-3.1'])
      utimesSync(join(parent, name, 'outcomes.jsonl'), 1.7e9, 1.7e9);
    const page = await serve({ folders: [parent] });
    const differing: string[] = [];
    for (const { name, sweep, part, settled, width, height, scheme } of VIEWS) {
      // a wide view at half its size: the picture stays small
      const deviceScaleFactor = width > 1000 ? 0.5 : 1;
      const options = { viewport: { width, height }, colorScheme: scheme, deviceScaleFactor } as const;
      const tab = await openTab(browser, page.url, options);
      if (sweep !== undefined) await goTo(tab, `/s/${await idOf(tab, sweep)}${part}`);
      await tab.locator(settled).first().waitFor();
      await tab.waitForFunction(() => document.querySelector('.quiet')?.textContent !== 'drawing …');
      await tab.evaluate(steadyText, parent);
      const seen = await tab.screenshot({ animations: 'disabled', caret: 'hide' });
      const file = join(FOLDER, `${name}-${width}-${scheme}.png`);
      if (!existsSync(file)) {
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(file, seen);
        console.warn(`written: ${file}; look at it`);
      }
      const share = difference(readFileSync(file), seen, join(DIFFERENCES, `${name}-${width}-${scheme}.png`));
      if (share > TOLERANCE) differing.push(`${file}: ${(100 * share).toFixed(1)} % of the pixels`);
    }
    expect(differing).toEqual([]);
  });
});

/** Runs in the page: puts fixed words for what differs between machines and runs. */
function steadyText(folder: string): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    node.textContent = (node.textContent ?? '').replaceAll(folder, '/results').replace(/\b0\.0\d+ s\b/g, '0.01 s');
  }
}

/** Share of pixels that differ. Where the sizes differ: 1. */
function difference(wanted: Buffer, seen: Buffer, into: string): number {
  const [a, b] = [decode(wanted), decode(seen)];
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels) return 1;
  const { width, height } = a;
  const rgba = ({ data, channels }: typeof a) => {
    const pixels = new Uint8Array(4 * width * height).fill(255);
    for (let i = 0; i < width * height; i += 1)
      for (let k = 0; k < 3; k += 1) pixels[4 * i + k] = data[channels * i + k];
    return pixels;
  };
  const picture = new Uint8Array(4 * width * height);
  const count = pixelmatch(rgba(a), rgba(b), picture, width, height, { threshold: THRESHOLD });
  if (count > TOLERANCE * width * height) {
    mkdirSync(dirname(into), { recursive: true });
    writeFileSync(into, encode({ width, height, data: picture, channels: 4 }));
    writeFileSync(into.replace(/\.png$/, '-seen.png'), seen);
  }
  return count / (width * height);
}
