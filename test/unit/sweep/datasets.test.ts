import { describe, expect, it } from 'vitest';
import { publishedDigest } from '../../../shared/datasets.ts';
import { cellValue } from '../../../shared/mod.ts';
import { expand, formatSweep, loadSweep } from '../../../shared/sweep/mod.ts';
import { load, refusalOf, withFile } from './support.ts';

const datasets = (spec: string) =>
  expand(load(`grid: {activation: linear, dataset: ${spec}}`)).cells.map(({ dataset }) => dataset);

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('data sets of images', () => {
  it('have the published digest, all classes and pixels / 255 unless said otherwise', () => {
    expect(datasets('{kind: fashion-mnist, examples: 100}')).toEqual([
      {
        kind: 'fashion-mnist',
        examples: 100,
        choose: 'first',
        standardize: 'none',
        classes: ALL,
        dimensions: 784,
        outputs: 10,
        digest: publishedDigest('fashion-mnist'),
      },
    ]);
    const [cifar] = datasets('{kind: cifar10, examples: 100}');
    expect(cifar).toMatchObject({ grayscale: false, dimensions: 3072, digest: publishedDigest('cifar10') });
  });

  it('have as many inputs and outputs as their parts say', () => {
    const spec = '{kind: cifar10, examples: [10, 20], grayscale: [false, true], classes: [[3, 5], [0]]}';
    const sizes = datasets(spec).map(({ examples, dimensions, outputs }) => [examples, dimensions, outputs]);
    expect(sizes).toEqual([
      [10, 3072, 2],
      [10, 3072, 1],
      [10, 1024, 2],
      [10, 1024, 1],
      [20, 3072, 2],
      [20, 3072, 1],
      [20, 1024, 2],
      [20, 1024, 1],
    ]);
  });

  it('take a list of labels as one value', () => {
    expect(datasets('{kind: mnist, examples: 5, classes: [1, 7]}')).toMatchObject([{ classes: [1, 7], outputs: 2 }]);
  });

  it('come in lists with others, and tables read - where a kind lacks a key', () => {
    const { cells } = expand(
      load(`grid:
  activation: linear
  dataset: [{kind: mnist, examples: 5}, {kind: cifar10, examples: 5, grayscale: true}, {kind: synthetic, examples: 5, dimensions: 3}]`),
    );
    const values = (key: string) => cells.map((cell) => cellValue(cell, key));
    expect(values('dataset.kind')).toEqual(['mnist', 'cifar10', 'synthetic']);
    expect(values('grayscale')).toEqual(['-', true, '-']);
    expect(values('choose')).toEqual(['first', 'first', '-']);
    expect(values('classes')).toEqual(['all', 'all', '-']);
  });

  it('may be tied, part by part', () => {
    const { cells } = expand(
      load(`grid: {activation: linear, dataset: {kind: mnist, examples: [5, 6], standardize: [none, pixel]}}
zip: [[dataset.examples, dataset.standardize]]`),
    );
    expect(cells.map((cell) => [cellValue(cell, 'examples'), cellValue(cell, 'standardize')])).toEqual([
      [5, 'none'],
      [6, 'pixel'],
    ]);
  });

  it('say where they are without changing a task', () => {
    const grid = 'grid: {activation: linear, dataset: {kind: mnist, examples: 5}}\nruns: 1\n';
    const [here, there] = [load(grid), load(`${grid}data: {directory: /data}`)];
    expect(there.data.directory).toBe('/data');
    expect(expand(there).task(0, 0)).toEqual(expand(here).task(0, 0));
  });

  it('are kept by a resolved sweep', () => {
    const sweep = load(`grid:
  activation: linear
  dataset: {kind: cifar10, examples: 5, classes: [[0, 1], [3, 4]], grayscale: true, digest: ${'ab'.repeat(32)}}
data: {directory: /data}`);
    expect(withFile(formatSweep(sweep), (file) => loadSweep(file))).toEqual(sweep);
  });

  it.each([
    ['{kind: minst, examples: 5}', 'minst', 'did you mean `mnist`?'],
    ['{examples: 5}', '{', 'missing key `grid.dataset.kind`'],
    ['{kind: mnist, examples: 60001}', '60001', 'a number of at most 60000'],
    ['{kind: cifar10, examples: 50001}', '50001', 'a number of at most 50000'],
    ['{kind: mnist, examples: 5, grayscale: true}', 'grayscale', 'unknown key `grid.dataset.grayscale`'],
    ['{kind: mnist, examples: 5, dimensions: 3}', 'dimensions', 'one of the keys kind, examples, choose'],
    ['{kind: synthetic, examples: 5, dimensions: 3, choose: first}', 'choose', 'unknown key `grid.dataset.choose`'],
    ['{kind: mnist, examples: 5, classes: [1, 10]}', '10]', 'a number of at most 9'],
    ['{kind: mnist, examples: 5, classes: [3, 1]}', '[3', 'in ascending order'],
    ['{kind: mnist, examples: 5, classes: [[3, 3]]}', '[3', 'one is repeated'],
    ['{kind: mnist, examples: 5, digest: 12}', '12', 'text'],
    ['{kind: mnist, examples: 5, standardize: pixels}', 'pixels', 'did you mean `pixel`?'],
  ])('refuse %s at %j', (spec, at, words) => {
    const line = `grid: {activation: linear, dataset: ${spec}}`;
    const { code, where, text } = refusalOf(line);
    expect(code).toBe('SWEEP_INVALID');
    expect(where).toBe(`probe.yaml:4:${line.indexOf(at, line.indexOf(spec)) + 1}`);
    expect(text).toContain(words);
  });
});
