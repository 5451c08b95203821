import type { Images } from './read.ts';

/** Values of a byte. */
const VALUES = 256;

/** Mean and standard deviation of groups of pixels: 0 where all are equal. */
export type Moments = { mean: Float64Array; deviation: Float64Array };

/**
 * Means and standard deviations over the whole training set, in float64: of each channel (`groups` = channels), or of each pixel
 * (`groups` = size). From the histogram of each group, since sums of whole numbers below 2^53 are exact: mean = sum / count,
 * variance = sum over the values v = 0, 1, ..., 255 in this order of count(v) (v - mean)^2, divided by the count.
 */
export function momentsOf({ pixels, count, size }: Images, groups: number): Moments {
  const histogram = new Int32Array(groups * VALUES);
  const inGroup = size / groups;
  for (let e = 0, at = 0; e < count; e++) {
    for (let g = 0; g < groups; g++) {
      for (let i = 0; i < inGroup; i++) histogram[g * VALUES + pixels[at++]] += 1;
    }
  }
  const all = count * inGroup;
  const mean = new Float64Array(groups);
  const deviation = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let v = 0; v < VALUES; v++) sum += histogram[g * VALUES + v] * v;
    mean[g] = sum / all;
    let squares = 0;
    for (let v = 0; v < VALUES; v++) squares += histogram[g * VALUES + v] * (v - mean[g]) * (v - mean[g]);
    deviation[g] = Math.sqrt(squares / all);
  }
  return { mean, deviation };
}

/**
 * One channel instead of red, green and blue: (19595 R + 38470 G + 7471 B + 32768) / 2^16 without the remainder, the luminance of
 * ITU-R 601 as Pillow's `convert('L')` rounds it, and with it torchvision.
 */
export function toGrayscale(images: Images): Images {
  const { count, size, pixels } = images;
  const plane = size / 3;
  const gray = new Uint8Array(count * plane);
  for (let e = 0; e < count; e++) {
    for (let i = 0, at = e * size; i < plane; i++, at++) {
      gray[e * plane + i] =
        (19_595 * pixels[at] + 38_470 * pixels[at + plane] + 7471 * pixels[at + 2 * plane] + 32_768) >> 16;
    }
  }
  return { ...images, channels: 1, size: plane, pixels: gray };
}
