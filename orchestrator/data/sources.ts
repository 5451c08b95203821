import type { ImageKind } from '../../shared/mod.ts';
import { CIFAR_ARCHIVE } from '../../worker/mod.ts';

/** Where a data set comes from. */
export type Source = {
  authors: string;
  /** the page that describes it */
  page: string;
  /** folders with its files: the official one and mirrors, in the order in which they are tried */
  folders: readonly string[];
  files: readonly {
    name: string;
    /** the largest that it may be, in bytes */
    most: number;
    /** SHA-256 of the file as it is downloaded, where it is worth looking at before unpacking */
    sha256?: string;
  }[];
};

const IDX_FILES = [
  { name: 'train-images-idx3-ubyte.gz', most: 48_000_000 },
  { name: 'train-labels-idx1-ubyte.gz', most: 100_000 },
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
  },
  'fashion-mnist': {
    authors: 'Xiao, Rasul, Vollgraf',
    page: 'https://github.com/zalandoresearch/fashion-mnist',
    folders: [
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
    ],
    files: IDX_FILES,
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
        most: 175_000_000,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      },
    ],
  },
};
