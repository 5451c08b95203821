import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { lockPath } from './layout.ts';

/**
 * Whether a process of this machine writes to the directory, as far as the lock file says: the lock itself is not asked, because taking it
 * for a moment would refuse a run that starts in this moment. A holder on another machine is not seen.
 */
export function isWrittenTo(directory: string): boolean {
  try {
    const [, pid, host] = /^process (\d+) on host (\S+) since /.exec(readFileSync(lockPath(directory), 'utf8')) ?? [];
    if (pid === undefined || host !== hostname()) return false;
    // signal 0 only asks
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // a process of another user is there too
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
