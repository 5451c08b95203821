import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM } from './commands.ts';
import { interleave, type Spread, spreadOf } from './interleave.ts';
import { timeProcess } from './processor.ts';

/** Milliseconds of processor time, of all threads, above those of `node -e 0`. */
export type StartupTiming = { command: string; milliseconds: Spread; aim: number };

/** What a shell or a user waits for. `DIR` is a sweep directory on this machine. */
const COMMANDS = [
  { words: ['--version'], aim: 100 },
  { words: ['--help'], aim: 100 },
  { words: ['--complete', 'bash', 'ta'], aim: 100 },
  { words: ['table', 'DIR'], aim: 200 },
  { words: ['status', 'DIR'], aim: 200 },
  { words: ['tasks', 'DIR'], aim: 200 },
  { words: ['expand', 'table-4.1'], aim: 200 },
];

const processorTime = (words: readonly string[]): number => 1000 * timeProcess(words).processor;

/** Each command beside `node -e 0` of the same round. */
export async function timeStartup(rounds: number): Promise<StartupTiming[]> {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
  const directory = join(folder, 'sweep');
  try {
    processorTime([PROGRAM, 'run', 'table-4.1', '--out', directory, '--set', 'search.growth=1.1']);
    const bare = { name: 'node -e 0', sample: () => processorTime(['-e', '0']) };
    const contenders = COMMANDS.map(({ words }) => ({
      name: `edgesweep ${words.join(' ')}`,
      sample: () => processorTime([PROGRAM, ...words.map((word) => (word === 'DIR' ? directory : word))]),
    }));
    const all = await interleave([bare, ...contenders], rounds);
    const ofNode = all.get(bare.name) ?? [];
    return contenders.map(({ name }, i) => ({
      command: name,
      milliseconds: spreadOf((all.get(name) ?? []).map((ms, round) => ms - ofNode[round])),
      aim: COMMANDS[i].aim,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
