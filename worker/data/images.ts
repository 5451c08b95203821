import { EdgesweepError, type ImageDataset, LABELS, type Part, type TestSet } from '../../shared/mod.ts';
import { Stream } from '../../shared/random/mod.ts';
import type { Examples } from '../engines/problem.ts';
import { type Images, readImages } from './read.ts';
import { type Moments, momentsOf, toGrayscale } from './scale.ts';

/** Training and test sets that a thread keeps, of training 47 to 154 MB each: a sweep seldom has more than one of either. */
const MOST_KEPT = 2;

const kept = new Map<string, Images>();
const grayscales = new WeakMap<Images, Images>();
const moments = new WeakMap<Images, Map<number, Moments>>();

/**
 * Examples of a training set: the pixels of an image as inputs, in the order of the file (of colour images red, green, blue, each row
 * by row), its label one-hot over the classes kept as targets, the classes ascending. Inputs are computed in float64 and rounded to
 * float32 once: pixel / 255, or (pixel - mean) / deviation, 0 where the deviation is 0 (see `momentsOf`).
 *
 * @param folders data directories
 * @param run names the draw
 * @throws EdgesweepError DATA_TOO_FEW, and what `readImages` throws
 */
export function imageExamples(dataset: ImageDataset, seed: number, run: number, folders: readonly string[]): Examples {
  const images = load(dataset, dataset.digest, 'training', folders);
  return examplesAt(dataset, images, choose(dataset, images, seed, run), images);
}

/**
 * The first examples of a test set, of the classes kept, with inputs and targets as those of the training set: scaled by the means and
 * deviations of that one.
 * @throws EdgesweepError DATA_TOO_FEW, and what `readImages` throws
 */
export function imageTestExamples(dataset: ImageDataset, test: TestSet, folders: readonly string[]): Examples {
  const images = load(dataset, test.digest!, 'test', folders);
  const chosen = candidates({ ...dataset, examples: test.examples }, images).slice(0, test.examples);
  return examplesAt(dataset, images, chosen, load(dataset, dataset.digest, 'training', folders));
}

/** @param training the set whose means and deviations scale the inputs */
function examplesAt(dataset: ImageDataset, images: Images, chosen: readonly number[], training: Images): Examples {
  const { size, pixels, labels } = images;
  const outputs = dataset.classes.length;
  const scale = scaleOf(dataset, training);
  const x = new Float32Array(chosen.length * size);
  const y = new Float32Array(chosen.length * outputs);
  for (const [e, index] of chosen.entries()) {
    for (let i = 0; i < size; i++) x[e * size + i] = scale(pixels[index * size + i], i);
    y[e * outputs + dataset.classes.indexOf(labels[index])] = 1;
  }
  return { count: chosen.length, inputs: size, outputs, x, y };
}

function load(dataset: ImageDataset, digest: string, part: Part, folders: readonly string[]): Images {
  const images = kept.get(digest) ?? readImages(dataset.kind, digest, folders, part).images;
  if (!kept.has(digest)) {
    for (const oldest of kept.keys()) if (kept.size >= MOST_KEPT) kept.delete(oldest);
    kept.set(digest, images);
  }
  return dataset.kind === 'cifar10' && dataset.grayscale ? cached(grayscales, images, toGrayscale) : images;
}

/**
 * The examples of the classes kept, by their places in the files.
 * @throws EdgesweepError DATA_TOO_FEW
 */
export function candidates(
  { examples, classes, kind }: Pick<ImageDataset, 'examples' | 'classes' | 'kind'>,
  images: Images,
): number[] {
  const there: number[] = [];
  for (let e = 0; e < images.count; e++) if (classes.includes(images.labels[e])) there.push(e);
  if (examples <= there.length) return there;
  const { file, byte } = images.counted;
  const which = classes.length === LABELS.length ? '' : ` of classes ${classes.join(', ')}`;
  throw new EdgesweepError('DATA_TOO_FEW', `${file}, byte ${byte}: ${kind} has ${there.length} examples${which}`, {
    where: `${file}, byte ${byte}`,
    expected: `at most ${there.length} examples`,
    got: `${examples} requested`,
    fix: 'lower `examples`, or keep more classes',
  });
}

/**
 * Which of them: the first ones, or the first n of a uniform permutation by Fisher and Yates (stream `choice` of the run), so that a
 * smaller n has the first ones of a larger.
 */
function choose(dataset: ImageDataset, images: Images, seed: number, run: number): number[] {
  const { examples, choose } = dataset;
  const there = candidates(dataset, images);
  if (choose === 'drawn') {
    const stream = new Stream({ seed, purpose: 'choice', run });
    for (let i = 0; i < examples; i++) {
      const j = i + stream.below(there.length - i);
      const swapped = there[i];
      there[i] = there[j];
      there[j] = swapped;
    }
  }
  return there.slice(0, examples);
}

function scaleOf({ standardize }: ImageDataset, images: Images): (pixel: number, place: number) => number {
  if (standardize === 'none') return (pixel) => pixel / 255;
  const groups = standardize === 'channel' ? images.channels : images.size;
  const inGroup = images.size / groups;
  const known = cached(moments, images, () => new Map<number, Moments>());
  const { mean, deviation } = known.get(groups) ?? momentsOf(images, groups);
  known.set(groups, { mean, deviation });
  return (pixel, place) => {
    const group = Math.floor(place / inGroup);
    return deviation[group] === 0 ? 0 : (pixel - mean[group]) / deviation[group];
  };
}

function cached<Value>(values: WeakMap<Images, Value>, images: Images, make: (images: Images) => Value): Value {
  const value = values.get(images) ?? make(images);
  values.set(images, value);
  return value;
}
