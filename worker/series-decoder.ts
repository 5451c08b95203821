import pLimit from 'p-limit';
import type { Piscina } from 'piscina';
import type { Series } from '../shared/mod.ts';

type Job = { file: Uint8Array; rows: number };

/** Milliseconds for any file, and for each of its megabytes: a hundred times what one takes. */
const PATIENCE = { file: 30_000, megabyte: 1000 } as const;
/** Of the thread, in megabytes: a page of a file may claim to hold billions of values. */
const HEAP = 1024;

let threads: Promise<Piscina<Job | undefined, Series>> | undefined;

/** Loaded when a file is to be decoded: commands that only read have no time for it. */
async function start(): Promise<Piscina<Job | undefined, Series>> {
  const { startThreads } = await import('./threads.ts');
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return startThreads('decode', 1, new URL(`./series-thread.${extension}`, import.meta.url), HEAP);
}

/** One file at a time: the time that a file waits for others is not its own. */
const inTurn = pLimit(1);

/**
 * The series in a file that nobody vouches for. A single flipped bit can make a reader of Parquet run forever, so it runs in a thread,
 * which is ended when the time is up.
 * @param rows that the series has to have
 * @param patience milliseconds, from when the thread is ready
 * @throws whatever reading something else than such a file causes
 */
export function decodeUntrusted(
  file: Uint8Array,
  rows: number,
  patience = PATIENCE.file + Math.ceil((PATIENCE.megabyte * file.length) / 1e6),
): Promise<Series> {
  threads ??= start();
  const starting = threads;
  return inTurn(async () => {
    const thread = await starting;
    await thread.run(undefined, { name: 'ready' });
    const signal = AbortSignal.timeout(patience);
    try {
      return await thread.run({ file, rows }, { signal });
    } catch (error) {
      throw signal.aborted ? new Error(`the file was not decoded within ${patience / 1000} s`) : error;
    }
  });
}
