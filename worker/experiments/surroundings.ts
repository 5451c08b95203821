import type { Result } from '../../shared/mod.ts';

/** What a task is computed with; nothing of its result depends on it. */
export type Surroundings = {
  /** data directories: where the files are that a task names by their digest */
  folders?: readonly string[];
  /** where a long task leaves what it continues from after a kill, and how often */
  checkpoints?: { folder: string; seconds: number } | undefined;
  /** told now and then how many iterations of a long task are done */
  onIteration?: (done: number) => void;
};

/** A result, and the file that belongs to it. */
export type Computed<R extends Result = Result> = { result: R; file?: Uint8Array };
