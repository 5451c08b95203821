import { readdirSync, readFileSync } from 'node:fs';
import { COOKIE } from './environment.ts';

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // it has ended, or is somebody else's
    return '';
  }
}

const list = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** Processes with a cookie of this beginning, each with the rest of it. None where there is no /proc. */
export function processesWithCookie(beginning: string): { pid: number; rest: string }[] {
  const key = `${COOKIE}=${beginning}`;
  return list('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const line = `\0${read(`/proc/${name}/environ`)}`;
    const start = line.indexOf(`\0${key}`);
    if (start < 0) return [];
    const from = start + 1 + key.length;
    const end = line.indexOf('\0', from);
    return [{ pid: Number(name), rest: line.slice(from, end < 0 ? undefined : end) }];
  });
}

/** Resident bytes of a process and its descendants; 0 where there is no /proc. */
export function residentBytes(pid: number): number {
  // not statm, which counts pages: their size differs between kernels of ARM
  const own = 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  const children = list(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== ''),
  );
  return own + children.reduce((sum, child) => sum + residentBytes(Number(child)), 0);
}

/** How often the kernel has ended a process because memory ran out. */
export const outOfMemoryKills = (): number => Number(/^oom_kill (\d+)$/m.exec(read('/proc/vmstat'))?.[1] ?? 0);

/** Signals a process, or with a minus a group; it may have ended meanwhile. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has
  }
}
