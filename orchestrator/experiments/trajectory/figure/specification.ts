import type { TopLevelSpec } from 'vega-lite';
import { oneLine, type Panel, panelFacts } from '../../../../shared/mod.ts';
import { CONFIG, SCHEMA, wrapped } from '../../../figure/style.ts';
import { keyHeading } from '../../../report/mod.ts';
import type { Contents } from './channels.ts';
import { alongOf, byBlocks, type Curve, curvesOf, nameOf, valuesAt } from './curves.ts';
import { edgesOf, edgeWords } from './edges.ts';
import { panelLayers } from './panel.ts';
import type { Line, TrajectoryFigure } from './types.ts';
import { headingOf, subtitle } from './words.ts';

/** Pixels of a panel, by how many are in a row. */
const SIZES = [
  { width: 440, height: 270 },
  { width: 320, height: 200 },
  { width: 250, height: 170 },
];
/** Pixels that a panel has beside it, for labels. */
const BESIDE = 62;
/** Average pixels of a letter: of the subtitle, of the title, of a row's heading. */
const LETTER = 6.4;
const TITLE_LETTER = 9;
const HEADING_LETTER = 8;
/** Letters of a row's heading that a panel's title can hold besides its own. */
const SHORT_HEADING = 18;
/** Points kept of a curve, unless the whole figure would be of more than so many. */
const CURVE_POINTS = 600;
const FIGURE_POINTS = 36_000;
const LEAST_POINTS = 60;

type Row = { heading: string; lines: Line[] };

/** Courses of trainings as a Vega-Lite specification with its data in it: a row of panels for each combination of values. */
export function trajectorySpecification(figure: TrajectoryFigure, lines: readonly Line[]): TopLevelSpec {
  const rows = rowsOf(figure, lines);
  const size = SIZES[Math.min(figure.panels.length, SIZES.length) - 1];
  const width = figure.panels.length * (size.width + BESIDE);
  const panels = rows.flatMap(({ heading, lines: members }) =>
    figure.panels.map((panel) => ({ panel, heading, lines: members, curves: curvesOf(figure, panel, members) })),
  );
  const curves = panels.flatMap((panel) => panel.curves);
  const names = namesOf(figure, lines, curves);
  const points = Math.min(CURVE_POINTS, Math.max(LEAST_POINTS, Math.floor(FIGURE_POINTS / curves.length)));
  const legend = names.length > 1 ? { columns: legendColumns(names, width), title: legendTitle(figure) } : null;
  const facts = { curves, edges: { drawn: new Set<string>(), beyond: new Set<string>() }, cut: false };
  const short = rows.every(({ heading }) => heading.length <= SHORT_HEADING);
  const concat = panels.map((drawing, i) => {
    const { panel, lines: members, curves: drawn } = drawing;
    const along = alongOf(figure, panel);
    const last = lastOf(panels.filter((other) => alongOf(figure, other.panel) === along));
    const edges = edgesOf(figure, panelFacts(panel), members, last);
    const contents: Contents = { panel, along, curves: drawn, edges, names, last, points, size, legend };
    const { layer, edges: within, cut } = panelLayers(contents);
    for (const edge of within) facts.edges.drawn.add(edgeWords(edge));
    const isEmpty = drawn.every((curve) => curve.points.length === 0);
    for (const edge of edges) if (!within.includes(edge) && !isEmpty) facts.edges.beyond.add(edgeWords(edge));
    facts.cut ||= cut;
    return { ...size, title: titleOf(drawing, short, i % figure.panels.length === 0, size.width), layer };
  });
  return {
    $schema: SCHEMA,
    title: {
      text: wrapped(oneLine(figure.title), Math.floor(width / TITLE_LETTER)),
      subtitle: subtitle(figure, lines, facts, Math.floor(width / LETTER)),
      anchor: 'start',
      offset: 14,
    },
    concat,
    columns: figure.panels.length,
    spacing: { row: 22, column: 26 },
    resolve: { scale: { x: 'independent', y: 'independent', color: 'shared', strokeDash: 'shared' } },
    config: {
      ...CONFIG,
      legend: {
        ...CONFIG.legend,
        symbolType: 'stroke',
        symbolSize: 700,
        rowPadding: -6,
        labelLimit: 0,
        titleOrient: 'left',
        titleAnchor: 'middle',
        titlePadding: 12,
        offset: 10,
      },
    },
  } as unknown as TopLevelSpec;
}

/** Of no trainings one row, which says that there are none. */
function rowsOf(figure: TrajectoryFigure, lines: readonly Line[]): Row[] {
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const values = valuesAt(figure.rows, line);
    const place = JSON.stringify(values);
    const row = rows.get(place) ?? { heading: headingOf(values), lines: [] };
    row.lines.push(line);
    rows.set(place, row);
  }
  return rows.size === 0 ? [{ heading: '', lines: [] }] : [...rows.values()];
}

/** Of the blocks those that are drawn anywhere; of the lines all, also one that diverged before anything was measured. */
function namesOf(figure: TrajectoryFigure, lines: readonly Line[], curves: readonly Curve[]): string[] {
  const names = byBlocks(figure)
    ? curves.filter(({ points }) => points.length > 0).map(({ name }) => name)
    : lines.map((line) => nameOf(figure, line));
  return [...new Set(names)];
}

/** How far panels go along their common axis. */
function lastOf(panels: readonly { curves: readonly Curve[] }[]): number {
  const ends = panels.flatMap(({ curves }) => curves.map(({ points }) => points.at(-1)?.x ?? 0));
  // of no points, or of the first alone, an axis all the same
  return ends.reduce((last, end) => Math.max(last, end), 0) || 1;
}

/** A short heading stands before the name of each panel, a long one above the first. */
function titleOf({ panel, heading }: { panel: Panel; heading: string }, short: boolean, first: boolean, width: number) {
  const name = panelFacts(panel).heading;
  const look = {
    anchor: 'start',
    frame: 'group',
    fontSize: 12,
    subtitleFontSize: 12,
    subtitleColor: '#000',
    offset: 6,
  };
  if (heading === '') return { text: name, ...look };
  if (short) return { text: `${heading}: ${name}`, ...look };
  return { text: first ? wrapped(heading, Math.floor(width / HEADING_LETTER)) : ' ', subtitle: name, ...look };
}

function legendColumns(names: readonly string[], width: number): number {
  const longest = Math.max(...names.map((name) => name.length));
  return Math.max(1, Math.min(names.length, Math.floor(width / (longest * 7 + 50))));
}

const legendTitle = (figure: TrajectoryFigure): string | null => (byBlocks(figure) ? null : keyHeading(figure.lines));
