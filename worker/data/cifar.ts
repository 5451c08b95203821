import { LABELS } from '../../shared/mod.ts';
import { damaged } from './errors.ts';

/** Red, green and blue of 32 rows of 32 pixels, after the label. https://www.cs.toronto.edu/~kriz/cifar.html */
export const CIFAR_PIXELS = 3 * 32 * 32;
const RECORD = 1 + CIFAR_PIXELS;

/**
 * The labels and pixels of one file of the binary version.
 * @throws EdgesweepError DATA_DAMAGED
 */
export function readCifarBatch(bytes: Uint8Array, file: string): { labels: Uint8Array; pixels: Uint8Array } {
  const count = Math.floor(bytes.length / RECORD);
  if (count === 0 || count * RECORD !== bytes.length) {
    throw damaged(file, count * RECORD, 'it ends within an example', {
      expected: `a multiple of ${RECORD} bytes`,
      got: `${bytes.length} bytes`,
    });
  }
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * CIFAR_PIXELS);
  for (let e = 0; e < count; e++) {
    const start = e * RECORD;
    labels[e] = bytes[start];
    if (labels[e] >= LABELS.length) {
      throw damaged(file, start, `example ${e} has an invalid label`, {
        expected: 'a label from 0 to 9',
        got: String(labels[e]),
      });
    }
    pixels.set(bytes.subarray(start + 1, start + RECORD), e * CIFAR_PIXELS);
  }
  return { labels, pixels };
}
