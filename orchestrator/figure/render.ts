import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TextItem } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

/** Pixels of the picture for each unit of the figure. */
const SCALE = 2;

/**
 * @param onWarning told what Vega-Lite has to say of the specification
 * @returns the figure as SVG, the same on every machine
 */
export async function renderSvg(spec: TopLevelSpec, onWarning: (text: string) => void = () => {}): Promise<string> {
  // loaded when there is something to draw: they take longer to load than other commands to run
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  vega.textMetrics.width = estimatedWidth;
  const logger = vega.logger(vega.Warn, 'warn', (_method, _level, texts) => onWarning(texts.join(' ')));
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: 'none', logger });
  try {
    return withOwnNumbers(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Vega numbers clipping paths and gradients over all figures of a process; a figure must not depend on those that were drawn before it. */
function withOwnNumbers(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(
    /(<\w+ id="|(?:clip-path|fill|stroke)="url\(#)(clip|gradient_)(\d+)/g,
    (_, before: string, kind: string, number: string) => {
      const name = `${kind}${number}`;
      if (!numbers.has(name)) numbers.set(name, numbers.size + 1);
      return `${before}${kind}${numbers.get(name)}`;
    },
  );
}

/** Of our font on the average, so that no machine's fonts, nor a package `canvas` that somebody has installed, move anything. */
function estimatedWidth({ fontSize = 11, fontWeight }: TextItem, text: unknown): number {
  const perLetter = fontWeight === 'bold' ? 0.69 : 0.6;
  return perLetter * fontSize * String(text).length;
}

/** @returns the SVG as PNG, its text in the font that comes along */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(fontFile);
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: SCALE } }).render().asPng();
}

/** Beside the bundled program; else, for its single modules, in the package of the font. */
function fontFile(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}`);
}
