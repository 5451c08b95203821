import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchDataset, survey } from '../../orchestrator/data/mod.ts';
import { IMAGE_DATASETS, IMAGE_KINDS, publishedDigest } from '../../shared/mod.ts';
import { DEBIAN_FOLDER, requireFashionMnist } from '../golden/image-tasks.ts';
import { makeFolder, startHttp } from '../support/mod.ts';

const FOLDER = join(DEBIAN_FOLDER, 'fashion-mnist');

/** A folder with Debian's files of Fashion-MNIST whose names begin so, and what is said of them. */
function fashion(prefix = '') {
  const folder = makeFolder();
  for (const name of readdirSync(FOLDER)) {
    if (name.startsWith(prefix)) copyFileSync(join(FOLDER, name), join(folder, name));
  }
  return { folder, told: () => survey('fashion-mnist', [folder])[0] };
}

it('the test sets are in no digest, so that tasks keep their ids', () => {
  expect(IMAGE_KINDS.map((kind) => publishedDigest(kind))).toEqual([
    'c0e8b553748373b6d9e1340baadf9f79d3cf348bc5a4f9210a2309b6ae6f775d',
    '0fe17f851aaced4d15287a03552fdc48239a2df1f813770d669b8ff3a2588459',
    '4637333d6da7b2950f1cd8dcc204207a8be43e3a247a559961e99e052b73f0e8',
  ]);
});

it('the lengths of the test files are those of their examples', () => {
  const lengths = IMAGE_KINDS.map((kind) => IMAGE_DATASETS[kind].testFiles.map(({ bytes }) => bytes));
  const idx = [16 + 10_000 * 784, 8 + 10_000];
  expect(lengths).toEqual([idx, idx, [10_000 * 3073]]);
});

describe('a fetch', () => {
  let names: string[];
  let training: string[];
  beforeAll(() => {
    requireFashionMnist();
    names = readdirSync(FOLDER).sort();
    training = names.filter((name) => name.startsWith('train'));
  });

  const fetchFrom = async (from: string, directory: string) => {
    const notes: string[] = [];
    const options = { from, onProgress: () => {}, note: (text: string) => void notes.push(text) };
    return { folder: await fetchDataset('fashion-mnist', directory, options), notes };
  };

  it('gets both sets', async () => {
    const { folder } = await fetchFrom(FOLDER, makeFolder());
    expect(readdirSync(folder).sort()).toEqual(names);
  });

  it('of a training set only says so; given again, adds the test set and leaves the rest alone', async () => {
    const directory = makeFolder();
    const first = await fetchFrom(fashion('train').folder, directory);
    expect(first.notes.at(-1)).toMatch(
      /^the test set is not installed: \S+ has no t10k-images-idx3-ubyte, t10k-labels/,
    );
    expect(readdirSync(first.folder).sort()).toEqual(training);
    const before = training.map((name) => statSync(join(first.folder, name)).mtimeMs);
    const second = await fetchFrom(FOLDER, directory);
    expect(second.folder).toBe(first.folder);
    expect(readdirSync(directory)).toEqual(['fashion-mnist']);
    expect(readdirSync(first.folder).sort()).toEqual(names);
    expect(training.map((name) => statSync(join(first.folder, name)).mtimeMs)).toEqual(before);
    expect(survey('fashion-mnist', [directory])[0].text).toContain('test set verified');
    expect((await fetchFrom(FOLDER, directory)).notes).toEqual(['fashion-mnist is already installed']);
  });

  it('from a server without the test set installs the training set', async () => {
    const { url } = await startHttp(new Map(training.map((name) => [name, readFileSync(join(FOLDER, name))])));
    const { folder, notes } = await fetchFrom(url, makeFolder());
    expect(readdirSync(folder).sort()).toEqual(training);
    expect(notes.at(-1)).toBe(`the test set is not installed: ${url} has no t10k-images-idx3-ubyte.gz`);
  });

  it('of other test files is refused, and overwrites none', async () => {
    const from = fashion().folder;
    writeFileSync(join(from, 't10k-labels-idx1-ubyte.gz'), gzipSync(new Uint8Array(10_008)));
    const directory = makeFolder();
    await expect(fetchFrom(from, directory)).rejects.toMatchObject({
      code: 'DATA_DIFFERS',
      details: { expected: expect.stringContaining('t10k-labels-idx1-ubyte with SHA-256 0402a96d') },
    });
    expect(readdirSync(directory)).toEqual([]);
    const { folder } = await fetchFrom(FOLDER, directory);
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte.gz'), gzipSync(new Uint8Array(10_008)));
    await expect(fetchFrom(FOLDER, directory)).rejects.toMatchObject({
      code: 'DATA_DIFFERS',
      details: { got: 'other bytes in t10k-labels-idx1-ubyte' },
    });
  });
});

describe('of the test set is said', () => {
  beforeAll(requireFashionMnist);

  it('that it is verified', () => {
    expect(fashion().told()).toMatchObject({
      verdict: 'verified',
      text: 'verified: 60000 examples; test set verified: 10000 examples',
    });
  });

  it('that it is missing, which leaves the training set verified', () => {
    expect(fashion('train').told()).toMatchObject({
      verdict: 'verified',
      text: 'verified: 60000 examples; test set missing (t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte): run `edgesweep data fetch fashion-mnist`',
    });
  });

  it('which file is other than published, or damaged', () => {
    const { folder, told } = fashion();
    const labels = join(folder, 't10k-labels-idx1-ubyte.gz');
    const whole = readFileSync(labels);
    writeFileSync(labels, gzipSync(new Uint8Array(10_008)));
    expect(told()).toMatchObject({ verdict: 'verified' });
    expect(told().text).toContain('test set differs from the published one (t10k-labels-idx1-ubyte): remove it, then');
    writeFileSync(labels, whole.subarray(0, 100));
    expect(told()).toMatchObject({ verdict: 'verified' });
    expect(told().text).toContain(`test set damaged (${labels}, byte 100: the gzip file is truncated)`);
  });
});
