import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { publishedDigest } from '../../../shared/mod.ts';
import { readImages } from '../../../worker/mod.ts';
import { asText, digestOfFiles, idxImages, idxLabels, makeFolder, standIn, writeFiles } from '../../support/mod.ts';
import { refusal } from '../sweep/support.ts';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';
const { files, pixels, labels } = standIn('mnist', 20);
const digest = digestOfFiles(files);

/** What reading says of a data directory in which these files, of those of `files`, are changed. */
function refused(changed: Record<string, Uint8Array>) {
  const base = makeFolder();
  writeFiles(join(base, 'mnist'), new Map([...files, ...Object.entries(changed)]));
  return refusalIn(base);
}

function refusalIn(base: string, kind: 'mnist' | 'cifar10' = 'mnist', wanted = digest) {
  const { code, message, details } = refusal(() => readImages(kind, wanted, [base]));
  return { code, text: message.replaceAll(`${base}/`, ''), ...details };
}

/** Only the packed form of a file. */
function refusedPacked(name: string, packed: Uint8Array) {
  const base = makeFolder();
  writeFiles(join(base, 'mnist'), new Map([...files].filter(([other]) => other !== name)));
  writeFileSync(join(base, 'mnist', `${name}.gz`), packed);
  return refusalIn(base);
}

describe('a bad IDX file is refused with its byte', () => {
  it('wrong magic number', () => {
    const { code, text, expected, got } = refused({ [IMAGES]: idxImages(pixels, 20, 28, 0x801) });
    expect(code).toBe('DATA_DAMAGED');
    expect(text).toBe(`mnist/${IMAGES}, byte 0: not an IDX file of images: wrong magic number (unpacked)`);
    expect([expected, got]).toEqual(['0x00000803', '0x00000801']);
    expect(refused({ [LABELS]: idxLabels(labels, 0x803) }).text).toContain(`mnist/${LABELS}, byte 0:`);
  });

  it('counts that disagree', () => {
    const { code, text, got } = refused({ [LABELS]: idxLabels(labels.subarray(0, 19)) });
    expect(code).toBe('DATA_DAMAGED');
    expect(text).toBe(`mnist/${LABELS}, byte 4: the numbers of images and labels differ (unpacked)`);
    expect(got).toBe('19');
  });

  it('a label above 9', () => {
    const wrong = Uint8Array.from(labels, (label, i) => (i === 13 ? 10 : label));
    const { code, text, got } = refused({ [LABELS]: idxLabels(wrong) });
    expect([code, text]).toEqual([
      'DATA_DAMAGED',
      `mnist/${LABELS}, byte 21: example 13 has an invalid label (unpacked)`,
    ]);
    expect(got).toBe('10');
  });

  it('one that is too short, too long, empty or of another size', () => {
    const whole = files.get(IMAGES) as Uint8Array;
    expect(refused({ [IMAGES]: whole.subarray(0, 1000) }).text).toContain('byte 1000: its length does not match');
    expect(refused({ [IMAGES]: Uint8Array.from([...whole, 0]) }).text).toContain(`byte ${whole.length}: its length`);
    expect(refused({ [IMAGES]: whole.subarray(0, 7) }).text).toContain('byte 7: it ends within its header');
    expect(refused({ [IMAGES]: idxImages(new Uint8Array(), 0) }).expected).toBe('at least one example');
    expect(refused({ [IMAGES]: idxImages(pixels, 20, 32) }).text).toContain('byte 8: images of the wrong size');
    expect(refused({ [LABELS]: new Uint8Array(60_009) }).text).toContain('byte 60008: the file is too long');
  });
});

describe('a bad gzip file is refused with its byte', () => {
  const packed = gzipSync(files.get(IMAGES) as Uint8Array);

  it('cut off', () => {
    for (const length of [0, 5, 1000, packed.length - 1]) {
      const { code, text } = refusedPacked(IMAGES, packed.subarray(0, length));
      expect([code, text]).toEqual(['DATA_DAMAGED', `mnist/${IMAGES}.gz, byte ${length}: the gzip file is truncated`]);
    }
  });

  it('no gzip file', () => {
    expect(refusedPacked(IMAGES, Uint8Array.from([1, 2, 3, 4])).text).toContain('the gzip file is damaged');
  });

  it('changed within', () => {
    const broken = Uint8Array.from(packed, (byte, i) => (i === packed.length - 6 ? byte ^ 1 : byte));
    const { code, text } = refusedPacked(IMAGES, broken);
    expect(code).toBe('DATA_DAMAGED');
    // its checksum, before the length
    expect(text).toMatch(new RegExp(`byte ${packed.length - 5}: the gzip file is damaged`));
  });

  it('larger than any such file', () => {
    const bomb = gzipSync(new Uint8Array(60_009));
    expect(refusedPacked(LABELS, bomb)).toMatchObject({ expected: 'at most 60008 bytes when unpacked' });
  });
});

describe('bad CIFAR-10 files are refused with the byte', () => {
  const cifar = standIn('cifar10', 3);
  const cifarDigest = digestOfFiles(cifar.files);
  const second = cifar.files.get('data_batch_2.bin') as Uint8Array;

  it.each([
    ['cut off', second.subarray(0, 5000), 'byte 3073: it ends within an example'],
    [
      'a label above 9',
      Uint8Array.from(second, (b, i) => (i === 3073 ? 10 : b)),
      'byte 3073: example 1 has an invalid label',
    ],
  ])('%s', (_, content, words) => {
    const base = makeFolder();
    writeFiles(join(base, 'cifar10'), new Map([...cifar.files, ['data_batch_2.bin', content]]));
    expect(refusalIn(base, 'cifar10', cifarDigest).text).toContain(`cifar10/data_batch_2.bin, ${words}`);
  });

  const archive = async (names: readonly string[]): Promise<Buffer> => {
    const tar = pack();
    for (const name of names) {
      tar.entry({ name: `cifar-10-batches-bin/${name}` }, Buffer.from(cifar.files.get(name) as Uint8Array));
    }
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };

  it('are read from the archive as well, and a bad archive is refused', async () => {
    const all = [...cifar.files.keys()];
    const base = makeFolder();
    mkdirSync(join(base, 'cifar10'));
    const write = (tar: Uint8Array) => writeFileSync(join(base, 'cifar10', 'cifar-10-binary.tar.gz'), gzipSync(tar));
    const tar = await archive(all);
    write(tar);
    const { images, digest: found } = readImages('cifar10', cifarDigest, [base]);
    expect(found).toBe(cifarDigest);
    expect(asText(images.pixels)).toBe(asText(cifar.pixels));
    expect(asText(images.labels)).toBe(asText(cifar.labels));
    write(tar.subarray(0, 5000));
    expect(refusalIn(base, 'cifar10', cifarDigest).text).toContain('byte 5000: the archive is truncated');
    write(Buffer.concat([Buffer.from('x'), tar.subarray(1)]));
    expect(refusalIn(base, 'cifar10', cifarDigest).text).toContain('byte 0: not a tar header');
    write(await archive(all.slice(1)));
    expect(refusalIn(base, 'cifar10', cifarDigest)).toMatchObject({ got: 'no data_batch_1.bin' });
  });
});

describe('a data set', () => {
  it('that is not there, or not all of it, is missing', () => {
    const base = makeFolder();
    expect(refusalIn(base)).toMatchObject({ code: 'DATA_MISSING', where: base });
    expect(refusal(() => readImages('mnist', digest, [])).details.where).toBe('no data directory is set');
    writeFiles(join(base, 'mnist'), new Map([...files].slice(0, 1)));
    expect(refusalIn(base).got).toContain(`lacks ${LABELS}`);
  });

  it('of another digest is refused, with the file when it is a published one', () => {
    const base = makeFolder();
    writeFiles(join(base, 'mnist'), files);
    expect(refusalIn(base, 'mnist', 'ab'.repeat(32))).toMatchObject({
      code: 'DATA_DIFFERS',
      got: `digest ${digest}`,
    });
    const published = refusalIn(base, 'mnist', publishedDigest('mnist'));
    expect(published.text).toBe(`mnist: ${IMAGES}: not the data that the task names`);
  });

  it('is taken from where its digest is right', () => {
    const base = makeFolder();
    writeFiles(join(base, 'mnist'), standIn('mnist', 20, 2).files);
    writeFiles(join(base, 'MNIST', 'raw'), files);
    expect(readImages('mnist', digest, [base]).folder).toBe(join(base, 'MNIST', 'raw'));
  });

  it('in a folder that cannot be read is told so', () => {
    const base = makeFolder();
    // a loop, since root may read everything
    symlinkSync('mnist', join(base, 'mnist'));
    const { code, text, got } = refusalIn(base);
    expect([code, text]).toEqual(['DATA_UNREADABLE', 'mnist cannot be read']);
    expect(got).toContain('ELOOP');
  });
});
