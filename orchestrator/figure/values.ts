import { stringify } from 'csv-stringify/sync';
import type { Spec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

/** Of a compiled mark, what says which data it draws; groups hold further marks. */
type Mark = {
  from?: { data?: string; facet?: { data?: string } };
  title?: { text?: unknown };
  marks?: Mark[];
};

type Used = { panel: string; data: string };

/** The values that a figure draws, as CSV: one row per mark or point of a line, with the panel that it is in. */
export async function figureCsv(spec: TopLevelSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const compiled = compile(spec, { logger: vega.logger(vega.None) }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger: vega.logger(vega.None) });
  try {
    await view.runAsync();
    const rows = usedIn(compiled).flatMap(({ panel, data }) => view.data(data).map((row) => ({ panel, ...row })));
    return csvOf(rows);
  } finally {
    view.finalize();
  }
}

/** The data sets that marks draw, each once in a panel. */
function usedIn(spec: Spec): Used[] {
  const found = new Map<string, Used>();
  const walk = (marks: readonly Mark[], outer: string, sources: ReadonlyMap<string, string>) => {
    for (const { from, title, marks: inner = [] } of marks) {
      const panel = typeof title?.text === 'string' ? title.text : outer;
      const data = from?.facet?.data ?? from?.data;
      const source = data === undefined ? undefined : (sources.get(data) ?? data);
      // a part of a facet holds rows of the whole
      const name = (from as { facet?: { name?: string } } | undefined)?.facet?.name;
      const known = name !== undefined && source !== undefined ? new Map([...sources, [name, source]]) : sources;
      if (source !== undefined) found.set(`${panel} ${source}`, { panel, data: source });
      walk(inner, panel, known);
    }
  };
  walk((spec.marks ?? []) as Mark[], '', new Map());
  return [...found.values()];
}

function csvOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  // Vega-Lite adds numbers to sort by
  const isOwn = (name: string) => !name.endsWith('_sort_index');
  const isShown = (value: unknown) =>
    value !== null && value !== undefined && typeof value !== 'object' && !String(value).startsWith('data:');
  const names = new Set<string>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (isOwn(name) && isShown(value) && value !== '') names.add(name);
  const lines = new Set(
    rows.map((row) => JSON.stringify([...names].map((name) => (isShown(row[name]) ? row[name] : '')))),
  );
  return stringify([[...names], ...[...lines].map((line) => JSON.parse(line) as unknown[])]);
}
