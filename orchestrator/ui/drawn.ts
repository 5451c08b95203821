import type { TopLevelSpec } from 'vega-lite';
import { draw, readTable } from '../experiments/mod.ts';
import { figureCsv, renderPng, renderSvg } from '../figure/mod.ts';
import { type Format, render, visibleLayout } from '../report/mod.ts';
import { type Answer, csvAnswer, json, missing } from './answers.ts';

/** Tables and figures are made again when their sweep changed, and not before so many times the time they took have passed. */
const REST = 9;
const SHORTEST_REST_MS = 2000;

type Made<T> = { version: string; made: Promise<T>; until: number };

/** Keeps what was made last of each kind. */
export class Remade<T> {
  readonly #made = new Map<string, Made<T>>();

  /** @param version of what it is made from */
  get(key: string, version: string, make: () => Promise<T>): Promise<T> {
    const last = this.#made.get(key);
    if (last !== undefined && (last.version === version || performance.now() < last.until)) return last.made;
    const began = performance.now();
    const entry: Made<T> = { version, made: make(), until: Number.POSITIVE_INFINITY };
    const rest = () => {
      const now = performance.now();
      entry.until = now + Math.max(SHORTEST_REST_MS, REST * (now - began));
    };
    entry.made.then(rest, () => {
      if (this.#made.get(key) === entry) this.#made.delete(key);
    });
    this.#made.set(key, entry);
    if (this.#made.size > 64) this.#made.delete(this.#made.keys().next().value!);
    return entry.made;
  }
}

const MEDIA_TYPES = {
  ...{ csv: 'text/csv', json: 'application/json', md: 'text/markdown', tex: 'application/x-tex', typ: 'text/plain' },
} as const satisfies Record<Exclude<Format, 'terminal'>, string>;
const isServed = (format: string): format is keyof typeof MEDIA_TYPES => Object.hasOwn(MEDIA_TYPES, format);

/** The table of a directory, as `edgesweep table` prints it. @throws EdgesweepError */
export async function tableAnswer(directory: string, format: string, by: string[] | undefined): Promise<Answer> {
  const report = await readTable(directory, { by });
  if (format === 'layout') return json(visibleLayout(report.layout()));
  if (!isServed(format)) throw missing('format');
  return { type: `${MEDIA_TYPES[format]}; charset=utf-8`, body: render(report, format) };
}

/** The figure of directories, as `edgesweep plot` draws it; dark only its colours differ. @throws EdgesweepError */
export async function figureAnswer(directories: readonly string[], format: string, dark: boolean): Promise<Answer> {
  const spec = await draw(directories);
  if (format === 'vl.json')
    return { type: 'application/json; charset=utf-8', body: `${JSON.stringify(spec, null, 2)}\n` };
  if (format === 'csv') return csvAnswer(await figureCsv(spec));
  const svg = await renderSvg(dark ? darkened(spec) : spec);
  if (format === 'svg') return { type: 'image/svg+xml; charset=utf-8', body: svg };
  if (format === 'png') return { type: 'image/png', body: await renderPng(svg) };
  throw missing('format');
}

/** Black becomes white and white dark; Okabe and Ito's other colours suit both. */
const DARK: Readonly<Record<string, string>> = {
  white: '#16191d',
  '#ffffff': '#16191d',
  black: '#f2f2f2',
  '#000000': '#f2f2f2',
  '#000': '#f2f2f2',
  '#444': '#b8bec6',
  '#e4e4e4': '#2c3138',
  '#bbb': '#4a515a',
  '#222': '#e0e0e0',
  '#0072b2': '#3d9fdb',
};

export function darkened(spec: TopLevelSpec): TopLevelSpec {
  const text = JSON.stringify(spec, (_key, value: unknown) =>
    typeof value === 'string' ? (DARK[value] ?? value) : value,
  );
  const dark = JSON.parse(text) as TopLevelSpec & { config?: Record<string, object> };
  const ink = '#d6dae0';
  const { config = {} } = dark;
  return {
    ...dark,
    config: {
      ...config,
      axis: { ...config.axis, labelColor: ink, titleColor: ink, domainColor: '#6a727c', tickColor: '#6a727c' },
      legend: { ...config.legend, labelColor: ink, titleColor: ink },
      title: { ...config.title, color: ink },
      header: { ...config.header, labelColor: ink, titleColor: ink },
    },
  } as TopLevelSpec;
}
