import { pbkdf2 } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { download } from '../../../orchestrator/data/download.ts';
import { EdgesweepError } from '../../../shared/mod.ts';
import { makeFolder, startHttp } from '../../support/mod.ts';

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const files = new Map([['file', content]]);
const options = { most: 200_000, pauseMs: 1, onProgress: () => {} };

const errorOf = async (promise: Promise<unknown>): Promise<EdgesweepError> => {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof EdgesweepError) return error;
  throw error;
};

it('a download is the file, byte for byte, also when it is marked as packed', async () => {
  const { url } = await startHttp(files);
  const path = join(makeFolder(), 'file');
  const seen: [number, number | undefined][] = [];
  await download(`${url}file`, path, { ...options, onProgress: (done, total) => seen.push([done, total]) });
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(seen[0]).toEqual([0, content.length]);
  expect(seen.at(-1)).toEqual([content.length, content.length]);
});

it('a broken download goes on where it ended, with the tag of the file', async () => {
  const { url, requests } = await startHttp(files, { etag: '"one"', breakAfter: 40_000 });
  const path = join(makeFolder(), 'file');
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
  // bytes that were sent before a connection broke may never arrive: then it takes one more
  expect(requests.length).toBeGreaterThanOrEqual(3);
  expect(requests[0]).toMatchObject({ range: undefined, ifRange: undefined });
  // and where none had arrived, that one has no range either
  const goesOn = { range: expect.stringMatching(/^bytes=\d+-$/), ifRange: '"one"' };
  expect(requests.filter(({ range }) => range !== undefined)).toEqual(
    expect.arrayContaining([expect.objectContaining(goesOn)]),
  );
  expect(requests.at(-1)).toMatchObject(goesOn);
  expect(existsSync(`${path}.tag`)).toBe(false);
});

it('what arrived before a connection broke is kept, also where the disk is slow', async () => {
  const { url } = await startHttp(files, { etag: '"one"', breakAfter: 40_000 });
  const path = join(makeFolder(), 'file');
  // occupies the threads in which Node opens and writes files
  const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('', '', 200_000, 32, 'sha512'));
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
  await Promise.all(busy);
});

it('what an earlier command left is gone on from', async () => {
  const { url, requests } = await startHttp(files);
  const path = join(makeFolder(), 'file');
  writeFileSync(path, content.subarray(0, 70_000));
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(requests).toEqual([{ path: 'file', range: 'bytes=70000-', ifRange: undefined }]);
});

it('a part that is the whole file is kept', async () => {
  const { url } = await startHttp(files);
  const path = join(makeFolder(), 'file');
  writeFileSync(path, content);
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
});

it('a part of another file is thrown away', async () => {
  const { url, requests } = await startHttp(files, { etag: '"new"' });
  const path = join(makeFolder(), 'file');
  writeFileSync(path, new Uint8Array(50_000).fill(7));
  writeFileSync(`${path}.tag`, '"old"');
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
  expect(requests).toEqual([{ path: 'file', range: 'bytes=50000-', ifRange: '"old"' }]);
  writeFileSync(path, new Uint8Array(150_000));
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
});

it('a server that ignores what part is asked for replaces the part', async () => {
  const { url } = await startHttp(files, { ignoreRange: true });
  const path = join(makeFolder(), 'file');
  writeFileSync(path, new Uint8Array(50_000).fill(7));
  await download(`${url}file`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
});

it('redirections are followed, in a circle not for ever', async () => {
  const answer = (target: string) => (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/moved')) return false;
    response.writeHead(302, { location: target }).end();
    return true;
  };
  const { url } = await startHttp(files, { answer: answer('/file') });
  const path = join(makeFolder(), 'file');
  await download(`${url}moved`, path, options);
  expect(readFileSync(path).equals(content)).toBe(true);
  const circle = await startHttp(files, { answer: answer('/moved') });
  expect((await errorOf(download(`${circle.url}moved`, `${path}2`, options))).details.got).toContain('redirections');
});

it.each([
  ['a missing file', 'other', 'the server answered 404'],
  ['no answer', undefined, 'ECONNREFUSED'],
  ['another protocol', 'ftp://127.0.0.1/file', 'neither http: nor https:'],
])('%s is told', async (_, name, words) => {
  const { url } = await startHttp(files);
  const address = name === undefined ? 'http://127.0.0.1:1/file' : name.includes(':') ? name : `${url}${name}`;
  const error = await errorOf(download(address, join(makeFolder(), 'file'), options));
  expect([error.code, error.details.where]).toEqual(['DATA_UNREACHABLE', address]);
  expect(error.details.got).toContain(words);
});

it('a file that is larger than it can be is not downloaded, whether or not the server says so', async () => {
  const { url } = await startHttp(files);
  const path = join(makeFolder(), 'file');
  expect((await errorOf(download(`${url}file`, path, { ...options, most: 50_000 }))).code).toBe('DATA_DAMAGED');
  expect(existsSync(path)).toBe(false);
  const silent = await startHttp(files, {
    answer: (_, response) => {
      response.write(content);
      response.end();
      return true;
    },
  });
  const error = await errorOf(download(`${silent.url}file`, path, { ...options, most: 50_000 }));
  expect([error.code, error.details.where]).toEqual(['DATA_DAMAGED', `${silent.url}file, byte 50000`]);
});
