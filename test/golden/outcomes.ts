import { readFileSync } from 'node:fs';
import { canonicalize } from '../../shared/canonical.ts';
import { ENGINES, type Task } from '../../shared/mod.ts';
import { type Engine, engineOf } from '../../worker/engines/mod.ts';
import { computeOn } from '../../worker/experiments/mod.ts';
import { type NamedEngine, nativeEngines } from '../support/native.ts';

export const OUTCOMES = new URL('./outcomes.jsonl', import.meta.url);
/** of trajectories */
export const TRAJECTORIES = new URL('./trajectories.jsonl', import.meta.url);
/** of the tasks on images */
export const IMAGES = new URL('./images.jsonl', import.meta.url);
/** of losses and optimisers */
export const EXTRAS = new URL('./extras.jsonl', import.meta.url);

/** of models that are graphs */
export const GRAPHS = new URL('./graphs.jsonl', import.meta.url);

/** All that have to give these bytes; the native one in every width that the processor has. */
export const EXACT_ENGINES: readonly NamedEngine[] = ENGINES.flatMap((name): NamedEngine[] =>
  name === 'native' ? nativeEngines() : [[name, engineOf(name)]],
);

/** Computes the task; its line in the file. */
export async function lineOf(task: Task, engine: Engine, folders: readonly string[] = []): Promise<string> {
  const { result } = await computeOn(engine, task, { folders });
  return canonicalize({ task, result });
}

export function goldenLines(file = OUTCOMES): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
