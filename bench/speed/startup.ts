import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM } from './commands.ts';
import { interleave, type Spread, spreadOf } from './interleave.ts';

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

/** Milliseconds of processor time that Node takes for the words: user and system, as Bash counts them. */
function processorTime(words: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" > /dev/null 2> /dev/null; }';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${words.join(' ')} failed`);
  const [user, system] = stderr.trim().split(' ').map(Number);
  return 1000 * (user + system);
}

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
