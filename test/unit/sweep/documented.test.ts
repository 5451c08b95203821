import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../shared/mod.ts';
import { sweepJsonSchema } from '../../../shared/sweep/mod.ts';

type Schema = { properties?: Record<string, Schema>; anyOf?: Schema[]; oneOf?: Schema[] };

it('docs/sweeps.md, or the page that it names, has every key of a sweep file', () => {
  const read = (name: string) => readFileSync(join(packageRoot(), 'docs', name), 'utf8');
  const [sweeps, trajectories, figures, maps, programs] = [
    'sweeps.md',
    'trajectories.md',
    'figures.md',
    'maps.md',
    'programs.md',
  ].map(read);
  const { oneOf, anyOf } = sweepJsonSchema() as Schema;
  for (const { properties = {} } of oneOf ?? anyOf ?? []) {
    for (const [key, { properties: inner = {} }] of Object.entries(properties)) {
      expect(sweeps, key).toContain(`\`${key}`);
      const page =
        { trajectory: `${sweeps}${trajectories}`, map: maps, figure: figures, table: `${sweeps}${figures}` }[key] ??
        sweeps;
      for (const name of Object.keys(inner))
        expect(page + programs, `${key}.${name}`).toMatch(new RegExp(`\\b${name}\\b`));
    }
  }
});
