import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type ImageKind } from '../../shared/mod.ts';

/** Small files in the formats of the data sets, with pixels and labels that look random but are the same every time. */

/** Words that look random: a linear congruential generator. */
function bytes(length: number, seed: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const word = (value: number) => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];

export const idxImages = (pixels: Uint8Array, count: number, side = 28, magic = 0x803): Uint8Array =>
  Uint8Array.from([...word(magic), ...word(count), ...word(side), ...word(side), ...pixels]);

export const idxLabels = (labels: Uint8Array, magic = 0x801): Uint8Array =>
  Uint8Array.from([...word(magic), ...word(labels.length), ...labels]);

export type Stand = { files: Map<string, Uint8Array>; pixels: Uint8Array; labels: Uint8Array };

/** @param count examples; of CIFAR-10 in each of its five files */
export function standIn(kind: ImageKind, count: number, seed = 1): Stand {
  const size = kind === 'cifar10' ? 3072 : 784;
  const files = new Map<string, Uint8Array>();
  const all = { pixels: [] as number[], labels: [] as number[] };
  for (let part = 0; part < (kind === 'cifar10' ? 5 : 1); part++) {
    const pixels = bytes(count * size, seed + 10 * part);
    // every label comes, in no order
    const labels = Uint8Array.from({ length: count }, (_, e) => (7 * e + 3 * part + seed) % 10);
    all.pixels.push(...pixels);
    all.labels.push(...labels);
    if (kind === 'cifar10') {
      const records = [...labels].flatMap((label, e) => [label, ...pixels.subarray(e * size, (e + 1) * size)]);
      files.set(`data_batch_${part + 1}.bin`, Uint8Array.from(records));
    } else {
      files.set('train-images-idx3-ubyte', idxImages(pixels, count));
      files.set('train-labels-idx1-ubyte', idxLabels(labels));
    }
  }
  return { files, pixels: Uint8Array.from(all.pixels), labels: Uint8Array.from(all.labels) };
}

/** The files of a test set of MNIST or Fashion-MNIST. */
export function testStandIn(kind: Exclude<ImageKind, 'cifar10'>, count: number, seed = 2): Stand {
  const { files, ...all } = standIn(kind, count, seed);
  const renamed = [...files].map(([name, content]) => [name.replace('train-', 't10k-'), content] as const);
  return { files: new Map(renamed), ...all };
}

export const digestOfFiles = (files: ReadonlyMap<string, Uint8Array>): string =>
  digestOf([...files].map(([name, content]) => ({ name, sha256: hash('sha256', content, 'hex') })));

/** Writes the files into a folder of a data directory. */
export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
}
