import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { expand, formatSweep, listShippedSweeps, loadSweep, sweepJsonSchema } from '../../../shared/sweep/mod.ts';
import { load, withFile } from './support.ts';

const reload = (text: string) => withFile(text, (file) => loadSweep(file));

describe('a resolved sweep written out', () => {
  it('loads to the same sweep with the same cells in the same order', () => {
    const odd = load(`runs: 2
grid:
  width: {from: 2, to: 8, factor: 2}
  activation: [tanh, linear]
  depth: [2, 3, 4]
  dataset: {dimensions: [2, 3], kind: synthetic, examples: 50}
exclude: [{width: [4, 8], activation: tanh, dataset: {dimensions: 3}}]
zip: [[width, depth]]
search: {criterion: {lossAbove: 1.0e-7}, growth: 1.3}
table: {rows: [width, dimensions], columns: [activation], statistics: [mean, ci95], paper: {"2, 2, tanh": 0.1}}
`);
    const sweeps = [
      odd,
      { ...odd, title: 'true: # "no"\n, 1e3' },
      ...listShippedSweeps().map((name) => loadSweep(name)),
    ];
    for (const sweep of sweeps) {
      const again = reload(formatSweep(sweep));
      expect(again).toEqual(sweep);
      expect(expand(again).cells).toEqual(expand(sweep).cells);
      expect(formatSweep(again)).toBe(formatSweep(sweep));
    }
  });

  it('keeps every number and text', () => {
    const base = load('grid: {activation: tanh}');
    const stepSize = fc.double({ min: 1e-37, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(
        stepSize,
        fc.maxSafeNat(),
        fc.string({ minLength: 1, unit: 'binary' }),
        (initialStepSize, seed, title) => {
          const sweep = { ...base, seed, title, search: { ...base.search, initialStepSize } };
          expect(reload(formatSweep(sweep))).toEqual(sweep);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the JSON Schema of sweep files', () => {
  type Schema = {
    type?: string;
    const?: string;
    description?: string;
    properties?: Record<string, Schema>;
    required?: string[];
    additionalProperties?: boolean;
  };
  const { oneOf } = sweepJsonSchema() as { oneOf: Schema[] };
  const schemaOf = (experiment: string) =>
    oneOf.find(({ properties }) => properties?.experiment.const === experiment) as Schema;

  it('knows every key of the shipped sweeps, and no others', () => {
    for (const name of listShippedSweeps()) {
      const sweep = loadSweep(name);
      const keys = new Set(Object.keys(schemaOf(sweep.experiment).properties ?? {}));
      for (const key of Object.keys(parse(formatSweep(sweep)))) expect(keys).toContain(key);
    }
  });

  it.each([
    ['maximal-step-size', ['activation']],
    ['trajectory', ['activation', 'scheme']],
  ])('says what a sweep of %s has to have', (experiment, needed) => {
    const schema = schemaOf(experiment);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties?.grid.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['name', 'title', 'experiment', 'grid']);
    expect(schema.properties?.grid.required).toEqual(needed);
  });

  it('describes the fields and their defaults for editors', () => {
    const { grid, search, runs } = schemaOf('maximal-step-size').properties as Record<string, Schema>;
    const { trajectory } = schemaOf('trajectory').properties as Record<string, Schema>;
    for (const field of [
      grid,
      search,
      runs,
      trajectory,
      ...Object.values(grid.properties ?? {}),
      ...Object.values(search.properties ?? {}),
      ...Object.values(trajectory.properties ?? {}),
    ]) {
      expect(field.description).toMatch(/\w/);
    }
    expect(search.properties?.growth).toMatchObject({ default: 1.01, exclusiveMinimum: 1 });
    expect(trajectory.properties?.every).toMatchObject({ default: 10, minimum: 1 });
  });
});
