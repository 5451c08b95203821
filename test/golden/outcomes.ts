import { readFileSync } from 'node:fs';
import canonicalizeModule from 'canonicalize';
import type { EngineName, Task } from '../../shared/mod.ts';
import { runTask } from '../../worker/mod.ts';

// the package is CommonJS and exports the function itself; its declaration says otherwise
const canonicalize = canonicalizeModule as unknown as (value: object) => string;

export const OUTCOMES = new URL('./outcomes.jsonl', import.meta.url);

/** Computes the task; its line in outcomes.jsonl. */
export function lineOf(task: Task, engine: EngineName): string {
  return canonicalize({ task, result: runTask(task, engine) });
}

export function goldenLines(): string[] {
  return readFileSync(OUTCOMES, 'utf8').trimEnd().split('\n');
}
