import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expand } from '../../shared/sweep/mod.ts';
import { problemOf } from '../../worker/mod.ts';
import { digestOfFiles, makeFolder, standIn, writeFiles } from '../support/mod.ts';
import { load, refusal } from '../unit/sweep/support.ts';

const mnist = standIn('mnist', 60);
const cifar = standIn('cifar10', 12);

/** The examples of the only cell of a sweep on stand-ins. */
function examples(spec: string, { run = 0, more = '' } = {}) {
  const base = makeFolder();
  writeFiles(join(base, 'mnist'), mnist.files);
  writeFiles(join(base, 'cifar10'), cifar.files);
  const digest = digestOfFiles(spec.includes('cifar10') ? cifar.files : mnist.files);
  const sweep = load(`grid: {activation: linear, dataset: {${spec}, digest: ${digest}}}\n${more}`);
  const { cells } = expand(sweep);
  return problemOf(cells[0], sweep.seed, run, [base]).examples;
}

const pixelsOf = ({ pixels }: typeof mnist, size: number, e: number) => [...pixels.subarray(e * size, (e + 1) * size)];
const rows = (values: Float32Array, length: number) =>
  Array.from({ length: values.length / length }, (_, i) => [...values.subarray(i * length, (i + 1) * length)]);
/** Of each row of inputs, which example of the file it is. */
const indexOf = (x: number[]) => Array.from({ length: 60 }, (_, e) => e).find((e) => same(x, pixelsOf(mnist, 784, e)));
const same = (x: number[], pixels: number[]) => x.every((value, i) => value === Math.fround(pixels[i] / 255));

describe('examples of a data set of images', () => {
  it('are the first ones, pixels / 255 and labels one-hot', () => {
    const { x, y, count, inputs, outputs } = examples('kind: mnist, examples: 5');
    expect([count, inputs, outputs]).toEqual([5, 784, 10]);
    expect(rows(x, 784).map(indexOf)).toEqual([0, 1, 2, 3, 4]);
    const hot = rows(y, 10);
    expect(hot.map((row) => row.indexOf(1))).toEqual([...mnist.labels.subarray(0, 5)]);
    expect(hot.every((row) => row.reduce((a, b) => a + b) === 1)).toBe(true);
  });

  it('are of some classes, one-hot over these', () => {
    const { x, y, outputs } = examples('kind: mnist, examples: 8, classes: [2, 7]');
    expect(outputs).toBe(2);
    const indices = rows(x, 784).map((row) => indexOf(row) as number);
    const expected = [...mnist.labels.keys()].filter((e) => [2, 7].includes(mnist.labels[e])).slice(0, 8);
    expect(indices).toEqual(expected);
    expect(rows(y, 2)).toEqual(expected.map((e) => (mnist.labels[e] === 2 ? [1, 0] : [0, 1])));
  });

  it('are drawn without replacement, anew for each run, a smaller number the first ones of a larger', () => {
    const drawn = (n: number, run: number, more = '') =>
      rows(examples(`kind: mnist, examples: ${n}, choose: drawn`, { run, more }).x, 784).map(
        (row) => indexOf(row) as number,
      );
    const all = drawn(60, 0);
    expect([...all].sort((a, b) => a - b)).toEqual([...mnist.labels.keys()]);
    expect(drawn(10, 0)).toEqual(all.slice(0, 10));
    expect(drawn(10, 1)).not.toEqual(all.slice(0, 10));
    expect(drawn(10, 1, 'data: {draw: per-cell}\nruns: 2')).toEqual(all.slice(0, 10));
    expect(drawn(10, 0, 'seed: 5')).not.toEqual(all.slice(0, 10));
  });

  it('are refused when there are fewer', () => {
    const { code, details } = refusal(() => examples('kind: mnist, examples: 13, classes: [0, 1]'));
    expect([code, details.expected, details.got]).toEqual(['DATA_TOO_FEW', 'at most 12 examples', '13 requested']);
    expect(refusal(() => examples('kind: mnist, examples: 61')).details.expected).toBe('at most 60 examples');
  });

  it('are the same from packed files', () => {
    const base = makeFolder();
    const packed = new Map([...mnist.files].map(([name, content]) => [`${name}.gz`, gzipSync(content)]));
    writeFiles(join(base, 'mnist'), packed);
    const digest = digestOfFiles(mnist.files);
    const { cells } = expand(
      load(`grid: {activation: linear, dataset: {kind: mnist, examples: 5, digest: ${digest}}}`),
    );
    expect(problemOf(cells[0], 0, 0, [base]).examples).toEqual(examples('kind: mnist, examples: 5'));
  });
});

describe('standardised inputs', () => {
  /** Mean and standard deviation in two plain passes. */
  const moments = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
  };
  const close = (x: Float32Array, expected: number[]) =>
    x.every((value, i) => Math.abs(value - expected[i]) <= 2 ** -23 * Math.max(1, Math.abs(expected[i])));

  it('have mean 0 and deviation 1 in each channel of the training set', () => {
    const { x } = examples('kind: cifar10, examples: 60, standardize: channel');
    const channel = (c: number) => [...cifar.pixels].filter((_, i) => Math.floor((i % 3072) / 1024) === c);
    const [red, green, blue] = [0, 1, 2].map((c) => moments(channel(c)));
    const expected = [...cifar.pixels].map((pixel, i) => {
      const [mean, sd] = [red, green, blue][Math.floor((i % 3072) / 1024)];
      return (pixel - mean) / sd;
    });
    expect(close(x, expected)).toBe(true);
  });

  it('have mean 0 and deviation 1 in each pixel of the training set, whichever examples are taken', () => {
    const { x } = examples('kind: mnist, examples: 7, standardize: pixel');
    const expected = Array.from({ length: 784 }, (_, i) =>
      moments([...mnist.pixels].filter((_, at) => at % 784 === i)),
    );
    const wanted = Array.from(
      { length: 7 * 784 },
      (_, i) => (mnist.pixels[i] - expected[i % 784][0]) / expected[i % 784][1],
    );
    expect(close(x, wanted)).toBe(true);
  });

  it('are 0 where a pixel is the same in all images', () => {
    const base = makeFolder();
    const { files } = standIn('mnist', 4);
    const images = Uint8Array.from(files.get('train-images-idx3-ubyte') as Uint8Array, (byte, i) =>
      i >= 16 && (i - 16) % 784 === 3 ? 77 : byte,
    );
    const changed = new Map([...files, ['train-images-idx3-ubyte', images]]);
    writeFiles(join(base, 'mnist'), changed);
    const spec = `kind: mnist, examples: 4, standardize: pixel, digest: ${digestOfFiles(changed)}`;
    const { cells } = expand(load(`grid: {activation: linear, dataset: {${spec}}}`));
    const { x } = problemOf(cells[0], 0, 0, [base]).examples;
    expect(rows(x, 784).map((row) => row[3])).toEqual([0, 0, 0, 0]);
    expect(x.every(Number.isFinite)).toBe(true);
  });

  it('may be of one channel', () => {
    const { x, inputs } = examples('kind: cifar10, examples: 2, grayscale: true');
    expect(inputs).toBe(1024);
    for (const [i, value] of x.entries()) {
      const at = Math.floor(i / 1024) * 3072 + (i % 1024);
      const [r, g, b] = [0, 1024, 2048].map((plane) => cifar.pixels[at + plane]);
      const luminance = 0.299 * r + 0.587 * g + 0.114 * b;
      expect(Math.abs(255 * value - luminance)).toBeLessThan(0.51);
    }
  });
});
