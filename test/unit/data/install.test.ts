import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchDataset } from '../../../orchestrator/data/mod.ts';
import { EdgesweepError, type ImageKind } from '../../../shared/mod.ts';
import { readImages } from '../../../worker/mod.ts';
import {
  asText,
  digestOfFiles,
  type Entry,
  makeFolder,
  standIn,
  startHttp,
  tarOf,
  writeFiles,
} from '../../support/mod.ts';

const mnist = standIn('mnist', 20);
const cifar = standIn('cifar10', 3);
const packed = new Map([...mnist.files].map(([name, content]) => [`${name}.gz`, gzipSync(content)]));

const batches: Entry[] = [...cifar.files].map(([name, content]) => ({ name: `cifar-10-batches-bin/${name}`, content }));

async function fetchFrom(kind: ImageKind, from: string, directory: string, digest?: string) {
  const notes: string[] = [];
  const wanted = digest ?? digestOfFiles(kind === 'cifar10' ? cifar.files : mnist.files);
  const options = {
    from,
    digest: wanted,
    pauseMs: 1,
    onProgress: () => {},
    note: (text: string) => void notes.push(text),
  };
  return { folder: await fetchDataset(kind, directory, options), notes };
}

/** What a fetch says that fails; it leaves nothing behind. */
async function refusalOf(kind: ImageKind, from: string, digest?: string): Promise<EdgesweepError> {
  const directory = makeFolder();
  const error = await fetchFrom(kind, from, directory, digest).catch((thrown: unknown) => thrown);
  expect(readdirSync(directory)).toEqual([]);
  if (error instanceof EdgesweepError) return error;
  throw error;
}

describe('a data set is fetched', () => {
  it('from an address, and then is already installed', async () => {
    const { url, requests } = await startHttp(packed);
    const directory = makeFolder();
    const { folder } = await fetchFrom('mnist', url, directory);
    expect(folder).toBe(join(directory, 'mnist'));
    expect(readdirSync(directory)).toEqual(['mnist']);
    expect([...readImages('mnist', digestOfFiles(mnist.files), [directory]).images.labels]).toEqual([...mnist.labels]);
    expect((await fetchFrom('mnist', url, directory)).notes).toEqual(['mnist is already installed']);
    expect(requests).toHaveLength(2);
  });

  it('from a folder, packed or not', async () => {
    for (const files of [packed, mnist.files]) {
      const from = makeFolder();
      writeFiles(from, files);
      const directory = makeFolder();
      const { folder } = await fetchFrom('mnist', from, directory);
      expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
    }
  });

  it('from a folder with unpacked files of CIFAR-10, in it or below the usual name, plain or gzip', async () => {
    const gzipped = new Map([...cifar.files].map(([name, content]) => [`${name}.gz`, gzipSync(content)]));
    for (const files of [cifar.files, gzipped]) {
      for (const below of ['', 'cifar-10-batches-bin', 'cifar10']) {
        const from = makeFolder();
        writeFiles(join(from, below), files);
        const { folder } = await fetchFrom('cifar10', from, makeFolder());
        expect(readdirSync(folder).sort()).toEqual([...files.keys()]);
      }
    }
  });

  it('beside other files, which stay', async () => {
    const { url } = await startHttp(packed);
    const directory = makeFolder();
    writeFiles(join(directory, 'mnist'), new Map([['mine', new Uint8Array(1)]]));
    const { folder } = await fetchFrom('mnist', url, directory);
    expect(folder).toBe(join(directory, `mnist-${digestOfFiles(mnist.files).slice(0, 12)}`));
    expect(readdirSync(join(directory, 'mnist'))).toEqual(['mine']);
  });

  it('from an archive, which is unpacked', async () => {
    const from = makeFolder();
    const archive = join(from, 'cifar-10-binary.tar.gz');
    const readme: Entry = { name: 'cifar-10-batches-bin/readme.html', content: new Uint8Array(10) };
    const folder: Entry = { name: 'cifar-10-batches-bin/', type: 'directory' };
    writeFileSync(archive, gzipSync(await tarOf([folder, ...batches, readme])));
    for (const path of [from, archive]) {
      const directory = makeFolder();
      const fetched = await fetchFrom('cifar10', path, directory);
      expect(readdirSync(fetched.folder).sort()).toEqual([...cifar.files.keys()]);
      const { images } = readImages('cifar10', digestOfFiles(cifar.files), [directory]);
      expect(asText(images.pixels)).toBe(asText(cifar.pixels));
    }
  });
});

describe('a bad archive is refused with the byte, and leaves nothing behind', () => {
  const [first, ...rest] = batches;
  const after = 512 + 512 * Math.ceil((first.content?.length ?? 0) / 512);

  it.each<[string, Entry, string]>([
    ['a way out', { name: '../data_batch_2.bin', content: new Uint8Array(3073) }, 'a path outside its folder'],
    ['a way out within', { name: 'a/../../data_batch_2.bin' }, 'a path outside its folder'],
    ['an absolute name', { name: '/etc/data_batch_2.bin' }, 'a path outside its folder'],
    ['a symbolic link', { name: 'cifar-10-batches-bin/x', type: 'symlink', linkname: '/etc' }, 'a link'],
    ['a hard link', { name: 'cifar-10-batches-bin/x', type: 'link', linkname: 'data_batch_1.bin' }, 'a link'],
    ['a device', { name: 'cifar-10-batches-bin/x', type: 'character-device' }, 'something that is no file'],
    ['a file that is too long', { name: 'x/data_batch_2.bin', content: new Uint8Array(30_730_001) }, 'is too long'],
  ])('%s', async (_, entry, words) => {
    const from = join(makeFolder(), 'cifar-10-binary.tar.gz');
    writeFileSync(from, gzipSync(await tarOf([first, entry, ...rest]), { level: 1 }));
    const { code, message } = await refusalOf('cifar10', from);
    expect(code).toBe('DATA_DAMAGED');
    expect(message).toContain(`cifar-10-binary.tar.gz, byte ${after}: `);
    expect(message).toContain(words);
  });

  it('cut off', async () => {
    const from = join(makeFolder(), 'cifar-10-binary.tar.gz');
    writeFileSync(from, gzipSync(await tarOf(batches)).subarray(0, 5000));
    expect((await refusalOf('cifar10', from)).message).toContain('byte 5000: the gzip file is truncated');
  });
});

describe('a fetch that fails leaves nothing behind', () => {
  it('for another digest', async () => {
    const { url } = await startHttp(packed);
    const { code, details } = await refusalOf('mnist', url, 'ab'.repeat(32));
    expect(code).toBe('DATA_DIFFERS');
    expect(details.got).toContain(digestOfFiles(mnist.files));
    expect(details.got).toContain('train-images-idx3-ubyte: 15696 bytes, SHA-256 ');
  });

  it('for a damaged file', async () => {
    const broken = new Map([...packed, ['train-labels-idx1-ubyte.gz', Buffer.from('no gzip')]]);
    const { url } = await startHttp(broken);
    expect((await refusalOf('mnist', url)).code).toBe('DATA_DAMAGED');
  });

  it('for no server, with what to do instead', async () => {
    const { code, details } = await refusalOf('mnist', 'http://127.0.0.1:1/');
    expect(code).toBe('DATA_UNREACHABLE');
    expect(details.expected).toContain('https://ossci-datasets.s3.amazonaws.com/mnist/');
    expect(details.fix).toContain('--from FOLDER');
    expect(details.where).toContain('http://127.0.0.1:1/train-images-idx3-ubyte.gz');
  });

  it('for a folder without the files, with what was found', async () => {
    const from = makeFolder();
    expect((await refusalOf('mnist', from)).details.got).toBe('an empty folder');
    expect((await refusalOf('mnist', join(from, 'none'))).details.got).toBe('no such file or folder');
    mkdirSync(join(from, 'train-images-idx3-ubyte'));
    const { code, details } = await refusalOf('mnist', from);
    expect([code, details.got]).toEqual(['DATA_MISSING', 'a folder with train-images-idx3-ubyte']);
    writeFileSync(join(from, 'train-labels-idx1-ubyte.gz'), '');
    expect((await refusalOf('mnist', from)).details.got).toBe(`${from} without train-images-idx3-ubyte`);
    expect(details.expected).toBe('a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte (plain or .gz)');
    writeFileSync(join(from, 'readme'), '');
    const cifarError = await refusalOf('cifar10', from);
    expect(cifarError.details.got).toBe('a folder with readme, train-images-idx3-ubyte, train-labels-idx1-ubyte.gz');
    expect(cifarError.details.expected).toContain('data_batch_5.bin (plain or .gz), or with cifar-10-binary.tar.gz');
    expect((await refusalOf('mnist', join(from, 'readme'))).details.got).toBe('a file');
  });

  it('for folders that stand where the files should', async () => {
    const from = makeFolder();
    for (const name of mnist.files.keys()) mkdirSync(join(from, name));
    const { code, details } = await refusalOf('mnist', from);
    expect([code, details.got]).toEqual([
      'DATA_MISSING',
      'a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte',
    ]);
  });
});

it('a second command goes on where the first was broken off', async () => {
  const directory = makeFolder();
  const whole = packed.get('train-images-idx3-ubyte.gz') as Uint8Array;
  const bad = await startHttp(packed, {
    breakAfter: 1000,
    answer: (request, response) => {
      // only the first request gets something
      if (request.headers.range === undefined) return false;
      response.writeHead(503).end();
      return true;
    },
  });
  await expect(fetchFrom('mnist', bad.url, directory)).rejects.toThrow('cannot be downloaded');
  expect(readdirSync(join(directory, '.fetch-mnist'))).toEqual(['train-images-idx3-ubyte.gz.part']);
  const good = await startHttp(packed);
  await fetchFrom('mnist', good.url, directory);
  expect(good.requests[0].range).toMatch(/^bytes=[1-9]\d*-$/);
  expect(readdirSync(directory)).toEqual(['mnist']);
  expect(whole.length).toBeGreaterThan(1000);
});

it('two fetches at a time do not mix', async () => {
  const { url } = await startHttp(packed);
  const directory = makeFolder();
  const fetches = await Promise.allSettled([fetchFrom('mnist', url, directory), fetchFrom('mnist', url, directory)]);
  expect(fetches.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(fetches[1]).toMatchObject({ reason: { code: 'DIRECTORY_LOCKED' } });
  expect(readdirSync(directory)).toEqual(['mnist']);
  expect(readdirSync(join(directory, 'mnist')).sort()).toEqual([...packed.keys()].sort());
});
