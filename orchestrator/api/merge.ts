import { Interrupted, mergeDirectories as mergeAll } from '../merge/mod.ts';
import type { MergeOptions, MergeResult } from './types.ts';

/**
 * Merges directories of one sweep, or of shards of it, into one directory, as `edgesweep merge` does. Every line is checked, and only `out`
 * is written.
 * @param out the directory to write; one that exists is added to
 * @throws EdgesweepError with the codes of `edgesweep merge`; the reason of `signal`; what `onInput` throws
 */
export async function mergeDirectories(
  out: string,
  directories: readonly string[],
  { dryRun = false, signal, onInput = () => {} }: MergeOptions = {},
): Promise<MergeResult> {
  signal?.throwIfAborted();
  const command = ['merge', out, ...directories];
  try {
    return await mergeAll({ out, directories, dryRun, command, onInput, signal: signal ?? NEVER });
  } catch (error) {
    if (error instanceof Interrupted) signal?.throwIfAborted();
    throw error;
  }
}

const NEVER = new AbortController().signal;
