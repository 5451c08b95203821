import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { decode } from 'fast-png';
import { z } from 'zod';
import { EdgesweepError, IMAGE_DATASETS, LABELS } from '../../../shared/mod.ts';
import type { PutSteps } from './package.ts';

/** Pixels of an image of CIFAR-10, and images of a batch. */
const PIXELS = IMAGE_DATASETS.cifar10.side ** 2;
const MOST_IMAGES = 10_000;

/** Where a PNG file has its width and height: 32 bits each, the most significant byte first. */
const WIDTH_AT = 16;
const HEIGHT_AT = 20;

const BATCHES = {
  'train_lables.json': ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'],
  'test_lables.json': ['test_batch'],
} as const;

const labelsSchema = z.array(
  z
    .int()
    .min(0)
    .max(LABELS.length - 1),
);

/** Makes the batches of CIFAR-10's binary version from PNG files and labels, one after the other, so that one is in memory. */
export async function putCifar(unpacked: string, folder: string, { note, signal }: PutSteps): Promise<void> {
  for (const [labelsName, batches] of Object.entries(BATCHES)) {
    const labels = readLabels(join(unpacked, labelsName));
    let first = 0;
    for (const batch of batches) {
      note(`decoding ${batch}.png`);
      const png = join(unpacked, `${batch}.png`);
      const { count, bytes } = toBatch(readFileSync(png), labels.subarray(first), png);
      writeFileSync(join(folder, `${batch}.bin`), bytes);
      rmSync(png);
      first += count;
      // a second of decoding is over: signals are heard
      await setImmediate(undefined, { signal });
    }
    if (first === labels.length) continue;
    throw damaged(join(unpacked, labelsName), `${first} labels`, `${labels.length} labels`);
  }
}

/**
 * A batch of the binary version: of each image its label, then its red, green and blue plane. In the PNG file a row is an image, a
 * column a pixel, row by row of the image.
 * @param labels of these images, and perhaps of more
 * @throws EdgesweepError DATA_DAMAGED
 */
export function toBatch(png: Buffer, labels: Uint8Array, file: string): { count: number; bytes: Uint8Array } {
  const size = png.length < HEIGHT_AT + 4 ? [0, 0] : [png.readUInt32BE(WIDTH_AT), png.readUInt32BE(HEIGHT_AT)];
  const [width, count] = size;
  // before decoding, so that a small file cannot fill the memory
  if (width !== PIXELS || count === 0 || count > Math.min(MOST_IMAGES, labels.length)) {
    const most = Math.min(MOST_IMAGES, labels.length);
    throw damaged(file, `${PIXELS} pixels in each of at most ${most} rows`, `${width} in each of ${count}`);
  }
  const { data, channels } = decodeRgb(png, file);
  const bytes = new Uint8Array(count * (1 + channels * PIXELS));
  for (let e = 0, at = 0; e < count; e++) {
    bytes[at++] = labels[e];
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < PIXELS; i++) bytes[at++] = data[(e * PIXELS + i) * channels + c];
    }
  }
  return { count, bytes };
}

function decodeRgb(png: Buffer, file: string) {
  const expected = 'a PNG file of 8 bits for each of red, green and blue';
  const image = (() => {
    try {
      return decode(png, { checkCrc: true });
    } catch (error) {
      throw damaged(file, expected, error instanceof Error ? error.message : String(error));
    }
  })();
  const { depth, channels, palette } = image;
  if (depth === 8 && channels === IMAGE_DATASETS.cifar10.channels && palette === undefined) return image;
  throw damaged(file, expected, `${channels} channels of ${depth} bits`);
}

function readLabels(file: string): Uint8Array {
  try {
    return Uint8Array.from(labelsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw damaged(file, 'a JSON array of labels from 0 to 9', error.message.slice(0, 200));
  }
}

function damaged(file: string, expected: string, got: string): EdgesweepError {
  return new EdgesweepError('DATA_DAMAGED', `${file} does not hold images or labels of CIFAR-10`, {
    where: file,
    expected,
    got,
    fix: 'use another source with --from',
  });
}
