import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** Cores' worth of other work from which timings are not to be trusted. */
const BUSY = 0.1;

export type Machine = {
  /** commit, followed by `-dirty` with changes that are not in it */
  revision: string;
  processor: string;
  cores: number;
  platform: string;
  node: string;
  v8: string;
  /** of the last minute, when the benchmark began */
  loadAverage: number;
  /** cores' worth of work of other programs in the second before the benchmark */
  busyCores: number;
};

export async function describeMachine(): Promise<Machine> {
  return {
    revision: revision(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    v8: process.versions.v8,
    loadAverage: loadavg()[0],
    busyCores: await busyCores(),
  };
}

export function idleWarning({ busyCores, loadAverage }: Machine): string | undefined {
  if (busyCores <= BUSY) return undefined;
  const load = `${busyCores.toFixed(2)} cores busy, load average ${loadAverage.toFixed(2)}`;
  return `WARNING: the machine is not idle (${load}); end other programs and measure again`;
}

async function busyCores(): Promise<number> {
  const before = cpus();
  await setTimeout(1000);
  const share = cpus().map(({ times }, i) => {
    const idle = times.idle - before[i].times.idle;
    const sum = (t: typeof times) => t.user + t.nice + t.sys + t.idle + t.irq;
    const all = sum(times) - sum(before[i].times);
    return all > 0 ? 1 - idle / all : 0;
  });
  return share.reduce((sum, busy) => sum + busy, 0);
}

function revision(): string {
  try {
    const words = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
