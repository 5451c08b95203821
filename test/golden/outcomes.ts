import { readFileSync } from 'node:fs';
import { canonicalize } from '../../shared/canonical.ts';
import type { EngineName, Task } from '../../shared/mod.ts';
import { runTask } from '../../worker/mod.ts';

export const OUTCOMES = new URL('./outcomes.jsonl', import.meta.url);
/** of trajectories */
export const TRAJECTORIES = new URL('./trajectories.jsonl', import.meta.url);
/** of the tasks on images */
export const IMAGES = new URL('./images.jsonl', import.meta.url);
/** of losses and optimisers */
export const EXTRAS = new URL('./extras.jsonl', import.meta.url);

/** Computes the task; its line in the file. */
export async function lineOf(task: Task, engine: EngineName, folders: readonly string[] = []): Promise<string> {
  const { result } = await runTask(task, engine, { folders });
  return canonicalize({ task, result });
}

export function goldenLines(file = OUTCOMES): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
