import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { putCifar, toBatch } from '../../../orchestrator/data/npm/cifar-png.ts';
import { cifarPackage, labelsOf, makeFolder, pngOf, standIn, writeFiles } from '../../support/mod.ts';

const { files } = standIn('cifar10', 3);
const batch = files.get('data_batch_1.bin') as Uint8Array;
const labels = Uint8Array.from(labelsOf(batch));
const png = Buffer.from(pngOf(batch));

it('a PNG file whose rows are images becomes a batch of the binary version', () => {
  // by hand: red is the column, green the row, blue 7
  const data = new Uint8Array(2 * 1024 * 3);
  for (let e = 0; e < 2; e++) for (let i = 0; i < 1024; i++) data.set([i % 256, e, 7], 3 * (e * 1024 + i));
  const image = Buffer.from(encode({ width: 1024, height: 2, data, channels: 3, depth: 8 }));
  const { count, bytes } = toBatch(image, Uint8Array.of(5, 9, 1), 'x.png');
  expect([count, bytes.length]).toEqual([2, 2 * 3073]);
  expect([bytes[0], bytes[3073]]).toEqual([5, 9]);
  expect([bytes[1], bytes[1 + 255], bytes[1 + 300]]).toEqual([0, 255, 44]);
  expect([...bytes.subarray(3073 + 1 + 1024, 3073 + 1 + 2048)].every((green) => green === 1)).toBe(true);
  expect([...bytes.subarray(3073 + 1 + 2048)].every((blue) => blue === 7)).toBe(true);
});

it('a package becomes the files of the binary version, byte for byte', async () => {
  const [test] = standIn('cifar10', 2, 5).files.values();
  const all = new Map([...files, ['test_batch.bin', test]]);
  const unpacked = makeFolder();
  const contents = cifarPackage(all).map(({ name, content }) => [name.slice('package/'.length), content] as const);
  writeFiles(unpacked, new Map(contents.map(([name, content]) => [name, content ?? new Uint8Array()])));
  const folder = join(makeFolder(), 'made');
  mkdirSync(folder);
  await putCifar(unpacked, folder, { note: () => {}, signal: undefined });
  expect(readdirSync(folder).sort()).toEqual([...all.keys()]);
  for (const [name, content] of all) expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
});

describe('a bad PNG file is refused', () => {
  const changed = (at: number, value: number) => Buffer.from(png.map((byte, i) => (i === at ? value : byte)));

  it.each<[string, Buffer, Uint8Array, string]>([
    ['no PNG file', Buffer.alloc(1000), labels, '0 in each of 0'],
    ['cut off', png.subarray(0, 10), labels, '0 in each of 0'],
    ['cut off within its pixels', png.subarray(0, 2000), labels, ''],
    ['a wrong checksum', changed(png.length - 20, png[png.length - 20] ^ 1), labels, 'CRC'],
    ['another width', changed(19, 1), labels, '1025 in each of 3'],
    ['more rows than any batch has', changed(21, 1), labels, '1024 in each of 65539'],
    ['more rows than labels', png, labels.subarray(0, 2), '1024 in each of 3'],
    [
      'grey',
      Buffer.from(encode({ width: 1024, height: 1, data: new Uint8Array(1024), channels: 1 })),
      labels,
      '1 channel',
    ],
  ])('%s', (_, file, known, got) => {
    expect(() => toBatch(file, known, 'x.png')).toThrow(
      expect.objectContaining({
        code: 'DATA_DAMAGED',
        details: expect.objectContaining({ where: 'x.png', got: expect.stringContaining(got) }),
      }),
    );
  });

  it.each([
    ['no JSON', 'labels'],
    ['a label above 9', '[1, 10]'],
    ['too many labels', JSON.stringify(Array(16).fill(1))],
  ])('labels: %s', async (_, text) => {
    const unpacked = makeFolder();
    const contents = cifarPackage(files).map(({ name, content }) => [name.slice('package/'.length), content] as const);
    writeFiles(unpacked, new Map(contents.map(([name, content]) => [name, content ?? new Uint8Array()])));
    writeFiles(unpacked, new Map([['train_lables.json', Buffer.from(text)]]));
    await expect(putCifar(unpacked, makeFolder(), { note: () => {}, signal: undefined })).rejects.toMatchObject({
      code: 'DATA_DAMAGED',
      details: { where: join(unpacked, 'train_lables.json') },
    });
  });
});
