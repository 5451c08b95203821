import { describe, expect, it } from 'vitest';
import { expand } from '../../../shared/sweep/mod.ts';
import { load, refusal, refusalOf } from './support.ts';

const GRID = 'grid: {activation: linear}\n';

describe('precedence', () => {
  it('fills in the defaults', () => {
    expect(load(GRID)).toEqual({
      name: 'probe',
      title: 'Probe',
      experiment: 'maximal-step-size',
      seed: 0,
      runs: 10,
      grid: {
        activation: 'linear',
        depth: 3,
        width: 10,
        dataset: { kind: 'synthetic', examples: 100, dimensions: 10 },
        batchSize: 'full',
        initialization: 'pytorch-default',
        model: 'mlp',
        loss: 'mse',
        optimizer: { kind: 'sgd' },
        parametrization: 'standard',
      },
      exclude: [],
      zip: [],
      data: { draw: 'per-run' },
      search: { initialStepSize: 0.1, growth: 1.01, steps: 100, ceiling: 10_000 },
      engine: 'auto',
      table: { rows: [], columns: [], paperRuns: 10 },
      figure: {},
    });
  });

  it('is defaults < file < environment < flags, key by key', () => {
    const environment = { EDGESWEEP_RUNS: '3', EDGESWEEP_SEED: '4', EDGESWEEP_ENGINE: 'reference' };
    const file = `${GRID}runs: 2\nseed: 1\n`;
    expect(load(file)).toMatchObject({ runs: 2, seed: 1, engine: 'auto' });
    expect(load(file, { environment })).toMatchObject({ runs: 3, seed: 4, engine: 'reference' });
    const flags = { runs: 5, set: ['seed=6'] };
    expect(load(file, { environment, flags })).toMatchObject({ runs: 5, seed: 6, engine: 'reference' });
    expect(load(GRID, { flags: { engine: 'reference' } }).engine).toBe('reference');
  });

  it('takes a variable set to nothing as not set, and other variables not at all', () => {
    expect(load(GRID, { environment: { EDGESWEEP_RUNS: '', EDGESWEEP_TITLE: 'x' } }).runs).toBe(10);
  });

  it('names the variable or flag that a bad value came from', () => {
    expect(refusalOf(GRID, { environment: { EDGESWEEP_RUNS: 'abc' } }).where).toBe('EDGESWEEP_RUNS=abc');
    expect(refusalOf(GRID, { environment: { EDGESWEEP_ENGINE: 'sind' } }).text).toContain('did you mean `simd`?');
    expect(refusalOf(GRID, { flags: { runs: 0 } }).where).toBe('--runs 0');
    expect(refusalOf(GRID, { flags: { seed: Number.NaN } }).where).toBe('--seed NaN');
    // the flag covers the bad variable, so nothing is wrong
    expect(load(GRID, { environment: { EDGESWEEP_RUNS: 'abc' }, flags: { runs: 2 } }).runs).toBe(2);
  });
});

describe('--set', () => {
  const set = (...texts: string[]) => ({ flags: { set: texts } });

  it('sets single values, lists by commas, and anything else in YAML', () => {
    const sweep = load(
      GRID,
      set('search.growth=1.02', 'grid.width=5,10,20', 'grid.depth={from: 2, to: 8, factor: 2}', 'title="A, B = C"'),
    );
    expect(sweep.search).toEqual({ initialStepSize: 0.1, growth: 1.02, steps: 100, ceiling: 10_000 });
    expect(sweep.grid).toMatchObject({ width: [5, 10, 20], depth: { from: 2, to: 8, factor: 2 } });
    expect(sweep.title).toBe('A, B = C');
    expect(load(GRID, set('grid.width=[5]')).grid.width).toEqual([5]);
  });

  it('marks the source of a sweep whose grid or training it changes, and only then', () => {
    const source = (...texts: string[]) => load(`${GRID}source: A paper\n`, set(...texts)).source;
    expect(source('grid.activation=linear', 'runs=7', 'title=Other', 'seed=3')).toBe('A paper');
    expect(source('grid.width=5', 'search.growth=1.02')).toBe('A paper (modified: grid.width, search.growth)');
    expect(source('grid.width=5', 'source=Mine')).toBe('Mine');
    const again = load(`${GRID}source: "A paper (modified: grid.width)"\n`, set('grid.width=7', 'grid.depth=2'));
    expect(again.source).toBe('A paper (modified: grid.width, grid.depth)');
    expect(load(GRID, set('grid.width=5')).source).toBeUndefined();
  });

  it('lays a part of the dataset over the default of the rest', () => {
    const { dataset } = load(GRID, set('grid.dataset.examples=20,30')).grid;
    expect(dataset).toEqual({ kind: 'synthetic', examples: [20, 30], dimensions: 10 });
  });

  it('adds what the file does not have', () => {
    expect(load(GRID, set('search.criterion.lossAbove=1e6')).search.criterion).toEqual({ lossAbove: 1e6 });
  });

  it('lets the last of two win, and --runs over both', () => {
    expect(load(GRID, set('runs=2', 'runs=3')).runs).toBe(3);
    expect(load(GRID, { flags: { runs: 4, set: ['runs=3'] } }).runs).toBe(4);
  });

  it('keeps a key of the grid where the file has it', () => {
    const sweep = load('grid: {width: [1, 2], activation: [linear, tanh]}', set('grid.width=7,8'));
    expect(expand(sweep).cells.map(({ width, activation }) => [width, activation])).toEqual([
      [7, 'linear'],
      [7, 'tanh'],
      [8, 'linear'],
      [8, 'tanh'],
    ]);
  });

  it.each([
    ['search.growth=0.5', 'above 1'],
    ['serach.growth=2', 'did you mean `search`?'],
    ['search.grwoth=2', 'did you mean `growth`?'],
    ['grid.width=5,x', '`grid.width[1]`'],
    ['grid.batchSize=50,101', 'larger than the data'],
    ['search.ceiling.x=1', 'a mapping'],
    ['__proto__.polluted=1', 'unknown key `__proto__`'],
    ['title=', 'an empty value'],
  ])('names the flag --set %s in its refusal', (text, words) => {
    const refused = refusalOf('grid:\n  activation: linear\nsearch: {growth: 2}\n', set(text));
    expect(refused).toMatchObject({ code: 'SWEEP_INVALID', where: `--set ${text}` });
    expect(refused.text).toContain(words);
    expect({}).not.toHaveProperty('polluted');
  });

  it('tells problems of the file and of flags together', () => {
    const { text } = refusalOf(`${GRID}runs: x\nsearch: {growth: 2}`, set('search.growth=0.5'));
    expect(text).toContain('--set search.growth=0.5: bad value');
    expect(text).toContain('probe.yaml:5:7: bad value');
  });

  it('says that a list in the file can be replaced only whole', () => {
    const file = 'grid: {activation: linear, dataset: [{kind: synthetic, examples: 5, dimensions: 2}]}';
    const { text, where } = refusalOf(file, set('grid.dataset.examples=7'));
    expect(where).toBe('--set grid.dataset.examples=7');
    expect(text).toContain("--set 'grid.dataset=...'");
  });

  it.each(['growth', '=5', 'search.=5', '.growth=5', 'grid.width=[5', 'grid.width=5]', 'a=5 # x ]'])(
    'cannot read --set %s',
    (text) => {
      const unreadable = text !== 'a=5 # x ]';
      const error = refusal(() => load(GRID, set(text)));
      expect(error.code).toBe(unreadable ? 'USAGE' : 'SWEEP_INVALID');
      expect(error.message + error.details.where).toContain(`--set ${text}`);
    },
  );
});
