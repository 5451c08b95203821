import type { TopLevelSpec } from 'vega-lite';
import { CONFIG, SCHEMA, wrapped } from '../../../figure/style.ts';
import type { FigureData } from './data.ts';
import { layers } from './layers.ts';
import { rowsOf } from './rows.ts';
import { subtitle } from './words.ts';

const PANEL = { width: 280, height: 190 };
const ONE_PANEL = { width: 440, height: 290 };
const COLUMNS = 2;

/** The figure as a Vega-Lite specification with its data in it: what is drawn, and what a user may draw anew. */
export function specification(data: FigureData): TopLevelSpec {
  const { points } = data;
  const lines = [...new Set(points.flatMap(({ line }) => line ?? []))];
  const facets = [...new Set(points.flatMap(({ facet }) => facet ?? []))];
  const size = facets.length === 0 ? ONE_PANEL : PANEL;
  const layer = layers(data, lines, rowsOf(data), size);
  return {
    $schema: SCHEMA,
    title: {
      text: data.titles.flatMap((title) => wrapped(title)),
      subtitle: subtitle(data),
      anchor: 'start',
      offset: 14,
    },
    data: { values: rowsOf(data) },
    ...(facets.length === 0
      ? { ...size, layer }
      : {
          facet: {
            field: 'facet',
            type: 'nominal',
            sort: facets,
            title: null,
            header: { labelExpr: "''", labelFontSize: 1 },
          },
          columns: Math.min(COLUMNS, facets.length),
          align: 'all',
          bounds: 'flush',
          spacing: { row: 78, column: 78 },
          spec: { ...size, layer },
          // the panels' step sizes differ by more than an order of magnitude
          resolve: { scale: { y: 'independent' }, axis: { x: 'independent' } },
        }),
    config: CONFIG,
  } as TopLevelSpec;
}
