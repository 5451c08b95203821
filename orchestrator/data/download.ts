import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';

/** Until a server that sends nothing counts as gone, in milliseconds. */
const SILENCE_MS = 30_000;
const MOST_REDIRECTS = 5;
/** Tries without a further byte, before an address is given up. */
const TRIES = 3;
const PAUSE_MS = 1000;

export type DownloadOptions = {
  /** the largest that the file may be, in bytes */
  most: number;
  /** @param total undefined when the server does not say */
  onProgress(done: number, total: number | undefined): void;
  pauseMs?: number;
  /** ends the download; what was received stays */
  signal?: AbortSignal | undefined;
};

/** An address that does not give the file, for another to be tried. */
class Refused extends Error {}

/**
 * Downloads to `path`; continues where an earlier try ended: within this call, or in one before it that left its part behind.
 * The rest is asked for with the server's tag of the file (If-Range), so that the parts are of one file; without such a tag the
 * digest, which the caller checks, has to tell. A server that ignores the question sends all, which then replaces the part.
 *
 * Node's own client rather than `fetch`, which unpacks what a server marks as packed.
 *
 * @throws EdgesweepError DATA_UNREACHABLE
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  let fruitless = 0;
  let cause: unknown;
  while (fruitless < TRIES) {
    const before = sizeOf(path);
    try {
      if (await request(url, path, options)) return rmSync(tagFile(path), { force: true });
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof EdgesweepError) throw error;
      cause = error;
      if (error instanceof Refused) break;
    }
    fruitless = sizeOf(path) > before ? 0 : fruitless + 1;
    await sleep(options.pauseMs ?? PAUSE_MS, undefined, { signal: options.signal });
  }
  throw new EdgesweepError('DATA_UNREACHABLE', `${url} cannot be downloaded`, {
    where: url,
    got: messageOf(cause),
    fix: 'rerun to resume',
    cause,
  });
}

const tagFile = (path: string) => `${path}.tag`;
const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** @returns whether the file is complete */
async function request(url: string, path: string, { most, onProgress, signal }: DownloadOptions): Promise<boolean> {
  const start = sizeOf(path);
  const tag = start > 0 && existsSync(tagFile(path)) ? readFileSync(tagFile(path), 'utf8') : undefined;
  const headers = {
    'accept-encoding': 'identity',
    'user-agent': 'edgesweep',
    ...(start > 0 && { range: `bytes=${start}-` }),
    ...(tag !== undefined && { 'if-range': tag }),
  };
  const response = await follow(url, { headers, signal });
  const { statusCode = 0 } = response;
  try {
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '');
    if (statusCode === 416) {
      if (Number(range?.[2]) === start) return true;
      // the part is of another file
      rmSync(path, { force: true });
      return false;
    }
    const refusal = `the server answered ${statusCode}`;
    if (statusCode >= 500) throw new Error(refusal);
    if (statusCode !== 200 && statusCode !== 206) throw new Refused(refusal);
    if (statusCode === 206 && Number(range?.[1]) !== start) {
      rmSync(path, { force: true });
      return false;
    }
    const goesOn = statusCode === 206 && start > 0;
    keepTag(path, response.headers.etag);
    const length = response.headers['content-length'];
    const total = length === undefined ? undefined : Number(length) + (goesOn ? start : 0);
    if (total !== undefined && total > most) throw tooLarge(url, most, `${total} bytes`);
    let done = goesOn ? start : 0;
    onProgress(done, total);
    // at once: a stream that waits for the disk drops what it holds when the connection breaks
    const file = openSync(path, goesOn ? 'a' : 'w');
    try {
      response.on('data', (part: Buffer) => {
        try {
          done += part.length;
          if (done > most) throw tooLarge(url, most, 'more');
          writeFileSync(file, part);
          onProgress(done, total);
        } catch (error) {
          response.destroy(error as Error);
        }
      });
      await finished(response, { signal });
    } finally {
      closeSync(file);
    }
    return total === undefined || done === total;
  } finally {
    response.destroy();
  }
}

/** A weak tag says only that two files are alike. */
function keepTag(path: string, etag: string | undefined): void {
  if (etag === undefined || etag.startsWith('W/')) rmSync(tagFile(path), { force: true });
  else writeFileSync(tagFile(path), etag);
}

function tooLarge(url: string, most: number, got: string): EdgesweepError {
  return new EdgesweepError('DATA_DAMAGED', `${url} is larger than the expected file`, {
    where: `${url}, byte ${most}`,
    expected: `at most ${most} bytes`,
    got,
    fix: 'name another address with --from',
  });
}

type RequestOptions = { headers: Record<string, string>; signal: AbortSignal | undefined };

async function follow(url: string, options: RequestOptions): Promise<IncomingMessage> {
  let address = url;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await open(address, options);
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    address = new URL(location, address).href;
  }
  throw new Refused(`more than ${MOST_REDIRECTS} redirections`);
}

function open(address: string, options: RequestOptions): Promise<IncomingMessage> {
  const { protocol } = new URL(address);
  const get = protocol === 'https:' ? getHttps : protocol === 'http:' ? getHttp : undefined;
  if (get === undefined) return Promise.reject(new Refused(`${protocol} is neither http: nor https:`));
  return new Promise((resolve, reject) => {
    const request = get(address, options, resolve);
    request.setTimeout(SILENCE_MS, () => request.destroy(new Error(`no byte for ${SILENCE_MS / 1000} s`)));
    request.once('error', reject);
  });
}
