import { stringify } from 'csv-stringify/sync';
import type { Spec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

/** Of a compiled mark, what says which data it draws; groups hold further marks, and data of their own made from the whole's. */
type Mark = {
  from?: { data?: string; facet?: { name?: string; data?: string } };
  title?: { text?: unknown };
  data?: { name: string; source?: unknown }[];
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
  /** names that groups give to data of their own: in Vega they hide those of the whole */
  const hidden = new Set<string>();
  const sourceOf = new Map((spec.data ?? []).map((data) => [data.name, 'source' in data ? data.source : undefined]));
  const seen = (name: string): string => {
    const source = sourceOf.get(name);
    return hidden.has(name) && typeof source === 'string' ? seen(source) : name;
  };
  const walk = (marks: readonly Mark[], outer: string, sources: ReadonlyMap<string, string>) => {
    for (const { from, title, data: own = [], marks: inner = [] } of marks) {
      const panel = typeof title?.text === 'string' ? title.text : outer;
      const known = new Map(sources);
      const whole = (name: string) => known.get(name) ?? name;
      const data = from?.facet?.data ?? from?.data;
      const source = data === undefined ? undefined : whole(data);
      if (from?.facet?.name !== undefined && source !== undefined) known.set(from.facet.name, source);
      for (const { name, source: of } of own) {
        hidden.add(name);
        if (typeof of === 'string') known.set(name, whole(of));
      }
      if (source !== undefined) found.set(`${panel} ${source}`, { panel, data: source });
      walk(inner, panel, known);
    }
  };
  walk((spec.marks ?? []) as Mark[], '', new Map());
  const used = new Map(
    [...found.values()].map(({ panel, data }) => [`${panel} ${seen(data)}`, { panel, data: seen(data) }]),
  );
  return [...used.values()];
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
