import { spawnSync } from 'node:child_process';

/** Seconds of a process by the clock, and of the processor: user and system, of all its threads. */
export type ProcessTime = { clock: number; processor: number };

/** What Node takes for the words, as Bash counts it. */
export function timeProcess(words: readonly string[]): ProcessTime {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" > /dev/null 2> /dev/null; }';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} failed`);
  const [clock, user, system] = stderr.trim().split(' ').map(Number);
  return { clock, processor: user + system };
}
