import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Contender, interleave, ratiosOf, type Spread, spreadOf, time } from './interleave.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

/** Seconds by the clock, from the start of the process to its end. */
export type CommandTiming = { command: string; seconds: Spread; aim?: number };

export type ThreadTiming = { command: string; seconds1: Spread; seconds2: Spread; ratio: Spread; aim: number };

/** The built command line runs a sweep from nothing. */
function contender(words: readonly string[]): Contender {
  return {
    name: `edgesweep run ${words.join(' ')}`,
    sample() {
      const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
      try {
        return time(() => {
          const args = [PROGRAM, 'run', ...words, '--out', join(folder, 'sweep'), '--quiet'];
          const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
          if (status !== 0) throw new Error(`edgesweep run ${words.join(' ')} failed: ${stderr}`);
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

export async function timeCommands(
  commands: readonly { words: readonly string[]; aim?: number }[],
  rounds: number,
): Promise<CommandTiming[]> {
  const contenders = commands.map(({ words }) => contender(words));
  const seconds = await interleave(contenders, rounds);
  return contenders.map(({ name }, i) => {
    const { aim } = commands[i];
    return { command: name, seconds: spreadOf(seconds.get(name) ?? []), ...(aim !== undefined && { aim }) };
  });
}

/** One thread against two; undefined on a machine with one core. */
export async function timeThreads(words: readonly string[], rounds: number): Promise<ThreadTiming | undefined> {
  if (availableParallelism() < 2) return undefined;
  const [one, two] = ['1', '2'].map((threads) => contender([...words, '--threads', threads]));
  const seconds = await interleave([one, two], rounds);
  const [seconds1, seconds2] = [one, two].map(({ name }) => seconds.get(name) ?? []);
  return {
    command: contender(words).name,
    seconds1: spreadOf(seconds1),
    seconds2: spreadOf(seconds2),
    ratio: ratiosOf(seconds1, seconds2),
    aim: 1.9,
  };
}
