import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadSweep } from '../../../shared/sweep/mod.ts';
import { load, refusal, refusalOf, refusalOfText } from './support.ts';

const GRID = 'grid: {activation: linear}\n';

describe('a bad sweep file is refused at its place', () => {
  it.each([
    ['an unknown key', `${GRID}serach: {growth: 2}`, '5:1', 'did you mean `search`?'],
    ['an unknown key within', 'grid: {activation: linear, widht: 3}', '4:28', 'did you mean `width`?'],
    ['an unknown key that resembles nothing', `${GRID}zzzzzz: 1`, '5:1', 'one of the keys name, title'],
    ['a key that JavaScript treats apart', `${GRID}__proto__: 1`, '5:1', 'unknown key `__proto__`'],
    ['an unknown key of the figure', `${GRID}figure: {x: widht}`, '5:13', 'did you mean `width`?'],
    ['a key twice in the figure', `${GRID}figure: {x: examples, color: dataset.examples}`, '5:30', 'each key once'],
    ['a logarithm of names', `${GRID}figure: {x: activation, scale: {x: log}}`, '5:36', 'only numbers'],
    ['an unknown word', 'grid: {activation: [linear, tnah]}', '4:29', 'did you mean `tanh`?'],
    ['text for a number', 'grid: {activation: linear, width: wide}', '4:35', 'got: "wide"'],
    ['a number in quotes', 'grid: {activation: linear, width: "5"}', '4:35', 'remove the quotes'],
    ['a number for text', `${GRID}source: 5`, '5:9', 'text'],
    ['a fraction for a count', `${GRID}runs: 1.5`, '5:7', 'a whole number'],
    ['a list for a mapping', 'grid: [1]', '4:7', 'a mapping'],
    ['an empty value', `${GRID}search:\n`, '5:8', 'an empty value'],
    ['an empty list', 'grid: {activation: linear, depth: []}', '4:35', 'is an empty list'],
    ['an empty list of words', 'grid: {activation: []}', '4:20', 'is an empty list'],
    [
      'a range without end',
      'grid: {activation: linear, depth: {from: 1, step: 1}}',
      '4:35',
      'missing key `grid.depth.to`',
    ],
    [
      'a range of two kinds',
      'grid: {activation: linear, depth: {from: 1, to: 2, step: 1, factor: 2}}',
      '4:61',
      'unknown key',
    ],
    [
      'a range that goes down',
      'grid: {activation: linear, depth: {from: 5, to: 2, step: 1}}',
      '4:35',
      'from at most to',
    ],
    ['a range that stands still', 'grid: {activation: linear, depth: {from: 1, to: 2, step: 0}}', '4:58', 'above 0'],
    ['a factor of one', 'grid: {activation: linear, depth: {from: 1, to: 2, factor: 1}}', '4:60', 'above 1'],
    [
      'a range too long',
      'grid: {activation: linear, width: {from: 1, to: 2, step: 1.0e-9}}',
      '4:35',
      'at most 1000000',
    ],
    ['a range of fractions', 'grid: {activation: linear, width: {from: 1, to: 2, step: 0.5}}', '4:35', 'contains 1.5'],
    [
      'a range out of bounds',
      'grid: {activation: linear, depth: {from: 1, to: 1024, factor: 2}}',
      '4:35',
      'contains 1024',
    ],
    ['depth 0', 'grid:\n  activation: linear\n  depth: [2, 0]', '6:14', 'at least 1'],
    ['an absurd depth', 'grid: {activation: linear, depth: 1001}', '4:35', 'at most 1000'],
    ['an absurd width', 'grid: {activation: linear, width: 1.0e+9}', '4:35', 'at most 100000'],
    ['a growth of 1', `${GRID}search: {growth: 1}`, '5:18', 'above 1'],
    ['a growth below 1', `${GRID}search: {growth: 0.5}`, '5:18', 'above 1'],
    [
      'a first step size above the ceiling',
      `${GRID}search: {initialStepSize: 20, ceiling: 10}`,
      '5:27',
      'the ceiling, 10',
    ],
    ['a ladder without end', `${GRID}search: {growth: 1.0000001}`, '5:18', 'at most 1000000 rungs'],
    ['a step size that float32 rounds to zero', `${GRID}search: {initialStepSize: 1.0e-50}`, '5:27', 'at least'],
    ['not a number', `${GRID}search: {initialStepSize: .nan}`, '5:27', 'not a number'],
    ['not a number as a count', 'grid: {activation: linear, batchSize: .nan}', '4:39', 'not a number'],
    ['infinity', `${GRID}search: {ceiling: .inf}`, '5:19', 'infinity'],
    ['a negative seed', `${GRID}seed: -1`, '5:7', 'at least 0'],
    ['a seed beyond exact numbers', `${GRID}seed: 9007199254740992`, '5:7', 'at most 9007199254740991'],
    [
      'a dataset without its size',
      'grid: {activation: linear, dataset: {kind: synthetic, examples: 5}}',
      '4:37',
      'dimensions',
    ],
    ['an unknown tag', `${GRID}seed: !!seed 1`, '5:7', 'Unresolved tag'],
    ['a key that comes twice', `runs: 1\n${GRID}runs: 2`, '6:1', 'duplicate key `runs`'],
    ['a key that comes twice within', 'grid: {activation: linear, activation: tanh}', '4:28', 'duplicate key'],
    ['a list as key', `${GRID}? [a]\n: 1`, '5:3', 'a word as key'],
    ['broken YAML', `${GRID}runs: [1, 2}`, '5:12', 'one YAML document'],
    ['an alias of nothing', 'grid: {activation: *missing}', '4:20', '*missing'],
    ['a key unknown to zip', `${GRID}zip: [[depth, widht]]`, '5:15', 'did you mean `width`?'],
    ['a zip of one key', `${GRID}zip: [[depth]]`, '5:7', 'at least 2'],
    ['a row that is no key', `${GRID}table: {rows: [dept]}`, '5:16', 'did you mean `depth`?'],
    ['an unknown statistic', `${GRID}table: {statistics: [average]}`, '5:22', 'one of n, mean'],
    ['a printed value that is no number', `${GRID}table: {paper: {linear: x}}`, '5:25', 'a number'],
  ])('%s', (_, lines, position, words) => {
    const { code, text, where } = refusalOf(lines);
    expect(code).toBe('SWEEP_INVALID');
    expect(where.startsWith(`probe.yaml:${position}`), `${where}: ${text}`).toBe(true);
    expect(`${text}\ngot: ${text.split('\n')[2]}`).toContain(words);
  });

  it('a missing key is told at the mapping that lacks it', () => {
    expect(refusalOf('grid: {depth: 3}')).toMatchObject({ where: 'probe.yaml:4:7' });
    expect(refusalOfText('name: probe\ngrid: {activation: linear}\nexperiment: maximal-step-size\n')).toMatchObject({
      where: 'probe.yaml:1:1',
      text: expect.stringContaining('missing key `title`'),
    });
  });

  it('follows aliases to where the bad value stands', () => {
    const { text } = refusalOf('grid: {activation: linear, depth: &few [1, 0], width: *few}');
    expect(text).toContain('probe.yaml:4:44: bad value for `grid.depth[1]`');
    expect(text).toContain('probe.yaml:4:44: bad value for `grid.width[1]`');
  });

  it.each(['', '# nothing\n', 'just words', '- a\n- b'])('no mapping at all: %j', (text) => {
    expect(refusalOfText(text)).toMatchObject({ code: 'SWEEP_INVALID', text: expect.stringContaining('a mapping') });
  });

  it('a name that would lead out of the results directory', () => {
    for (const name of ['../up', '.', '..', 'a/b', '', '-n', 'x'.repeat(101)]) {
      const text = `name: ${JSON.stringify(name)}\ntitle: T\nexperiment: maximal-step-size\n${GRID}`;
      expect(refusalOfText(text)).toMatchObject({ where: 'probe.yaml:1:7' });
    }
  });

  it('tells every problem at once, each with its place', () => {
    const { text, where } = refusalOf('grid: {activation: tnah, depth: 0}\nruns: many\nseed: 0\nserach: 1\n');
    expect(where).toBe('probe.yaml');
    expect(text).toContain('4 problems');
    for (const place of ['4:20', '4:33', '5:7', '7:1']) expect(text).toContain(`probe.yaml:${place}: `);
  });

  it('counts what is beyond a hundred problems instead of listing it', () => {
    const { text } = refusalOf(`grid: {activation: linear, depth: [${'0,'.repeat(150)}]}`);
    expect(text).toContain('150 problems');
    expect(text).toContain('and 50 more');
  });
});

describe('a file made to do harm is refused', () => {
  it('an alias bomb, at its first alias', () => {
    const levels = Array.from({ length: 9 }, (_, i) => {
      const items = i === 0 ? Array(9).fill('boom') : Array(9).fill(`*l${i - 1}`);
      return `l${i}: &l${i} [${items.join(', ')}]`;
    });
    const { code, where, text } = refusalOf(levels.join('\n'));
    expect(code).toBe('SWEEP_INVALID');
    expect(where).toBe('probe.yaml:5:10');
    expect(text).toContain('the aliases');
  });

  it('a file over 1 MiB', () => {
    const { code, text } = refusalOfText(`# ${'x'.repeat(1 << 20)}\n`);
    expect(code).toBe('SWEEP_INVALID');
    expect(text).toContain('at most 1 MiB');
  });

  it('brackets without end', () => {
    expect(refusalOf(`grid: ${'['.repeat(50_000)}`).text).toContain('nested too deeply');
  });

  it('bytes that are no text', () => {
    expect(refusalOfText(Uint8Array.of(0x6e, 0xff, 0xfe)).text).toContain('UTF-8');
  });
});

describe('a sweep that is not there', () => {
  it('is not found, and the nearest shipped one is suggested', () => {
    const { code, details } = refusal(() => loadSweep('table-4.11'));
    expect(code).toBe('SWEEP_NOT_FOUND');
    expect(details.fix).toContain('table-4.1');
    expect(details.expected).toContain('smoke');
  });

  it('a path is never looked up among the shipped sweeps', () => {
    expect(refusal(() => loadSweep('./smoke')).code).toBe('SWEEP_NOT_FOUND');
    expect(refusal(() => loadSweep('smoke.yaml')).code).toBe('SWEEP_NOT_FOUND');
    expect(refusal(() => loadSweep('')).code).toBe('SWEEP_NOT_FOUND');
  });

  it('a directory cannot be read as a sweep', () => {
    const directory = mkdtempSync(`${tmpdir()}/edgesweep-sweep-`);
    try {
      expect(refusal(() => loadSweep(directory))).toMatchObject({
        code: 'SWEEP_NOT_FOUND',
        details: { where: directory },
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

it('a file with Windows line ends and a byte order mark loads', () => {
  expect(load('grid:\r\n  activation: linear\r\n').grid.activation).toBe('linear');
  const text = '\uFEFFname: probe\ntitle: T\nexperiment: maximal-step-size\ngrid: {activation: tanh}\n';
  expect(() => refusalOfText(text)).toThrow('nothing was refused');
});
