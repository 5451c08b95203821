import type { TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { readSweep } from '../../../orchestrator/directory/mod.ts';
import {
  readFigure as readFigureOf,
  specification,
} from '../../../orchestrator/experiments/maximal-step-size/figure/mod.ts';
import { type DrawOptions, renderPng, renderSvg } from '../../../orchestrator/figure/mod.ts';
import type { Cell, NetworkCell } from '../../../shared/mod.ts';
import { listShippedSweeps, loadSweep, loadSweepOf, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { ceilingResult, makeFolder } from '../../support/mod.ts';
import { makeSweepDirectory } from './support.ts';

/** Of directories of maximal step sizes. */
const readFigure = async (directories: readonly string[], options?: DrawOptions) =>
  readFigureOf(directories, (await Promise.all(directories.map(readSweep))) as SearchSweep[], options);

const rungOf = (cell: Cell, run: number): number => {
  const { depth, activation } = cell as NetworkCell;
  return 20 + 12 * depth + ((7 * run) % 10) + activation.length;
};

/** Figure 4.2 with few values, an upper and a lower bound among the runs, and some that are missing. */
function incomplete(parent: string): string {
  const flags = { runs: 4, set: ['grid.activation=linear,tanh', 'grid.depth=2,3,5'] };
  const sweep = loadSweepOf('maximal-step-size', 'figure-4.2', { flags });
  return makeSweepDirectory(parent, sweep, (cell, run) => {
    if (cell.activation === 'tanh' && cell.depth === 5 && run > 1) return undefined;
    if (cell.activation === 'linear' && cell.depth === 5 && run < 2) return 0;
    if (cell.activation === 'tanh' && cell.depth === 2 && run === 3) {
      return ceilingResult(cell.search);
    }
    return rungOf(cell, run);
  });
}

/** Numbers to one decimal: Node versions may differ in the last bits of what Vega computes. */
const rounded = (svg: string): string =>
  svg.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1))));

describe('a figure', () => {
  it('is the same after others, and beside them', async () => {
    const spec = (y: number): TopLevelSpec => ({
      data: { values: [1, 2].map((x) => ({ x, y: x * y })) },
      mark: { type: 'line', clip: true },
      encoding: {
        ...{ x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
        color: { field: 'y', type: 'quantitative' },
      },
    });
    const first = await renderSvg(spec(1));
    expect(first).toContain('clipPath');
    expect(first).toContain('linearGradient');
    expect((await Promise.all([2, 1, 3, 1].map((y) => renderSvg(spec(y))))).map((svg) => svg === first)).toEqual([
      ...[false, true, false, true],
    ]);
  });

  it('of an incomplete sweep with bounds: band, runs, arrows, hollow points', async () => {
    const spec = specification(await readFigure([incomplete(makeFolder())]));
    await expect(`${JSON.stringify(spec, null, 2)}\n`).toMatchFileSnapshot('snapshots/incomplete.vl.json');
    await expect(rounded(await renderSvg(spec))).toMatchFileSnapshot('snapshots/incomplete.svg');
  });

  it('of a table: an interval and the printed value for each name', async () => {
    const directory = makeSweepDirectory(makeFolder(), loadSweepOf('maximal-step-size', 'table-4.1'), rungOf);
    await expect(rounded(await renderSvg(specification(await readFigure([directory]))))).toMatchFileSnapshot(
      'snapshots/table-4.1.svg',
    );
  });

  it('of two directories: a line for each value of --by', async () => {
    const parent = makeFolder();
    const directories = ['figure-4.2', 'figure-4.5'].map((name) =>
      makeSweepDirectory(parent, loadSweepOf('maximal-step-size', name, { flags: { runs: 2 } }), rungOf),
    );
    const data = await readFigure(directories, { by: ['batchSize'], log: ['y'] });
    expect(new Set(data.points.map(({ line }) => line))).toEqual(new Set(['full', '1']));
    expect(data.titles).toHaveLength(2);
    await expect(rounded(await renderSvg(specification(data)))).toMatchFileSnapshot('snapshots/two.svg');
    const byName = await readFigure(directories);
    expect(new Set(byName.points.map(({ line }) => line))).toEqual(new Set(['figure-4.2', 'figure-4.5']));
  });

  it('of a single value along x: the interval as a line, since a band has no width', async () => {
    const sweep = loadSweepOf('maximal-step-size', 'figure-4.2', { flags: { runs: 3, set: ['grid.depth=3'] } });
    const directory = makeSweepDirectory(makeFolder(), sweep, rungOf);
    const svg = await renderSvg(specification(await readFigure([directory])));
    const marks = [...svg.matchAll(/<line [^>]*y2="(-?[\d.]+)"[^>]*stroke="#0072b2"/g)].map(([, y2]) => Number(y2));
    expect(marks).toHaveLength(4);
    expect(marks.every((length) => Math.abs(length) > 10)).toBe(true);
  });

  it('has the names of its panels at one height in each row', async () => {
    const svg = await renderSvg(specification(await readFigure([incomplete(makeFolder())])));
    const heights = [...svg.matchAll(/translate\(140,(-?[\d.]+)\)[^>]*font-weight="bold"[^>]*>(linear|tanh)</g)];
    expect(heights.map(([, y]) => y)).toEqual(['-14', '-14']);
  });

  it('has dashes in its legend where it has lines, without the outlines of shapes', async () => {
    const sweep = loadSweepOf('maximal-step-size', 'figure-4.2', { flags: { runs: 2 } });
    const directory = makeSweepDirectory(makeFolder(), sweep, rungOf);
    const data = await readFigure([directory], { by: ['activation'], facet: 'width' });
    const svg = await renderSvg(specification(data));
    const symbols = [...svg.matchAll(/role-legend-symbol[^>]*><path [^>]*d="([^"]*)"/g)].map(([, path]) => path);
    expect(symbols).toHaveLength(4);
    for (const path of symbols) expect(path).toMatch(/^M-[\d.]+,0L[\d.]+,0$/);
  });

  it('becomes a picture of twice its size', async () => {
    const spec = specification(await readFigure([incomplete(makeFolder())]));
    const svg = await renderSvg(spec);
    const [, width, height] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const png = Buffer.from(await renderPng(svg));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
  });

  it('of nothing yet says so', async () => {
    const directory = makeSweepDirectory(makeFolder(), loadSweepOf('maximal-step-size', 'figure-4.2'), () => undefined);
    const svg = await renderSvg(specification(await readFigure([directory])));
    expect(svg).toContain('partial: 0 of 240 tasks');
    expect(svg.match(/no runs yet/g)?.length).toBeGreaterThanOrEqual(4);
  });

  const ofStepSizes = listShippedSweeps().filter((name) => loadSweep(name).experiment === 'maximal-step-size');

  it.each(ofStepSizes)('of %s gives Vega-Lite nothing to warn of', async (name) => {
    const directory = makeSweepDirectory(makeFolder(), loadSweepOf('maximal-step-size', name), rungOf);
    const warnings: string[] = [];
    await renderSvg(specification(await readFigure([directory])), (text) => warnings.push(text));
    expect(warnings).toEqual([]);
  });

  it('has a title without control characters, in lines that fit', async () => {
    const sweep = { ...loadSweepOf('maximal-step-size', 'smoke'), title: `Odd \u0007 title ${'and long '.repeat(20)}` };
    const svg = await renderSvg(specification(await readFigure([makeSweepDirectory(makeFolder(), sweep, rungOf)])));
    expect(svg).not.toContain('\u0007');
    expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(800);
    expect((await renderPng(svg)).length).toBeGreaterThan(1000);
  });

  it('says over what it pools', async () => {
    const set = ['grid.width=4,8', 'table.paper={}'];
    const directory = makeSweepDirectory(
      makeFolder(),
      loadSweepOf('maximal-step-size', 'table-4.1', { flags: { runs: 2, set } }),
      rungOf,
    );
    const options = { x: 'depth', by: ['activation'] };
    expect(await renderSvg(specification(await readFigure([directory], options)))).toContain(
      'pooled over width (4, 8)',
    );
  });

  it('refuses a key that there is not, and two directories with the same points', async () => {
    const parent = makeFolder();
    const named = (name: string): SearchSweep => ({ ...loadSweepOf('maximal-step-size', 'figure-4.2'), name });
    const [a, b] = ['a', 'b'].map((name) => makeSweepDirectory(parent, named(name), rungOf));
    const refused: DrawOptions[] = [
      { x: 'colour' },
      { x: 'depth', facet: 'depth' },
      { x: 'depth', by: ['depth'] },
      { x: 'activation', log: ['x'] },
      { log: ['x'], linear: ['x'] },
    ];
    for (const options of refused) await expect(readFigure([a], options)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(readFigure([a, b], { by: ['batchSize'] })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('what stands where', () => {
  const encoding = async (set: string[], options = {}) => {
    const sweep = { ...loadSweepOf('maximal-step-size', 'table-4.1', { flags: { runs: 1, set } }), figure: {} };
    return (await readFigure([makeSweepDirectory(makeFolder(), sweep, rungOf)], options)).encoding;
  };
  const varied = ['table.paper={}', 'grid.depth=2,3', 'grid.width=1,2,3'];

  it('is chosen by what varies where nothing is said: most numbers along x, panels by activation, lines by the rest', async () => {
    expect(await encoding(varied)).toMatchObject({ x: 'width', facet: 'activation', color: ['depth'] });
    expect(await encoding(['table.paper={}'])).toMatchObject({ x: 'activation', facet: undefined, color: [] });
  });

  it('is what the flags say', async () => {
    const flags = { x: 'depth', facet: 'width', by: ['activation'], log: ['x' as const] };
    expect(await encoding(varied, flags)).toEqual({
      x: 'depth',
      facet: 'width',
      color: ['activation'],
      scale: { x: 'log', y: 'linear' },
    });
  });
});
