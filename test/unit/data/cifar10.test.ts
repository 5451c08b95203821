import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { survey } from '../../../orchestrator/data/mod.ts';
import { cifar10Schema, publishedDigest } from '../../../shared/mod.ts';
import { examplesOf } from '../../../worker/data/mod.ts';
import { readImages } from '../../../worker/mod.ts';

/** Where `make cifar10` puts it. */
const DATA = fileURLToPath(new URL('../../../.build/data', import.meta.url));
const absent = !existsSync(`${DATA}/cifar10`);
if (absent) console.warn(`tests on the real CIFAR-10 are skipped: ${DATA}/cifar10 is missing; make cifar10 fetches it`);

const CIFAR = publishedDigest('cifar10');

describe.skipIf(absent)('the real CIFAR-10', () => {
  it('is verified, both sets', () => {
    const places = survey('cifar10', [DATA]);
    expect(places.map(({ text }) => text)).toEqual(['verified: 50000 examples; test set verified: 10000 examples']);
  });

  it('has 5000 examples of each class', () => {
    const { labels } = readImages('cifar10', CIFAR, [DATA]).images;
    const counts = Array.from({ length: 10 }, (_, label) => labels.filter((one) => one === label).length);
    expect(counts).toEqual(Array(10).fill(5000));
  });

  it('has the means and deviations of its channels that are in print', () => {
    // (0.4914, 0.4822, 0.4465) and (0.2470, 0.2435, 0.2616): in many training scripts
    const { pixels } = readImages('cifar10', CIFAR, [DATA]).images;
    const moments = [0, 1, 2].map((channel) => {
      let [sum, squares] = [0, 0];
      for (let at = channel * 1024; at < pixels.length; at += 3072) {
        for (let i = at; i < at + 1024; i++) {
          sum += pixels[i];
          squares += pixels[i] ** 2;
        }
      }
      const mean = sum / (50_000 * 1024);
      return [mean / 255, Math.sqrt(squares / (50_000 * 1024) - mean ** 2) / 255].map((value) => value.toFixed(4));
    });
    expect(moments).toEqual([
      ['0.4914', '0.2470'],
      ['0.4822', '0.2435'],
      ['0.4465', '0.2616'],
    ]);
  });

  it('gives standardized examples of mean 0 and deviation 1, over all of them', () => {
    const dataset = cifar10Schema().parse({
      kind: 'cifar10',
      examples: 50_000,
      choose: 'first',
      standardize: 'channel',
      grayscale: true,
      classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      dimensions: 1024,
      outputs: 10,
      digest: CIFAR,
    });
    const { x } = examplesOf(dataset, 1, 0, [DATA]);
    let [sum, squares] = [0, 0];
    for (const value of x) {
      sum += value;
      squares += value ** 2;
    }
    expect(sum / x.length).toBeCloseTo(0, 5);
    expect(squares / x.length).toBeCloseTo(1, 5);
  });
});
