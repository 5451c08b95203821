import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Skips a test whose programs are started as `python3`, with the reason, where there is none. */
export function requirePython3({ skip }: Pick<TestContext, 'skip'>): void {
  if (spawnSync('python3', ['--version']).status === 0) return;
  const reason = 'there is no python3 on the PATH';
  console.warn(`skipped: ${reason}`);
  skip(reason);
}
