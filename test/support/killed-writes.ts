import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Act = (...given: unknown[]) => Promise<unknown>;
type Acts = Record<string, Act>;

/** What changes files and folders, of `node:fs/promises` and of its file handles. */
const CHANGES = ['appendFile', 'copyFile', 'cp', 'link', 'mkdir', 'open', 'rename', 'rm', 'unlink', 'writeFile'];
const CHANGES_OF_HANDLES = ['sync', 'truncate', 'write', 'writeFile'];

/**
 * Lets so many changes of the file system happen, and none after them, as if the process had been killed there: what it would tidy up stays, and
 * of a text that it would write half is there. Changes by functions that are not asynchronous happen. Nothing waits for the disk.
 * @returns whether there were more; `act` may end then in any way
 */
export async function killedAfter(changes: number, act: () => Promise<unknown>): Promise<boolean> {
  const handle = await fs.promises.open('/dev/null');
  const ofHandles = Object.getPrototypeOf(handle) as Acts;
  await handle.close();
  let left = changes;
  let killed = false;
  let isOver = false;
  const replace = (acts: Acts, name: string): (() => void) => {
    const real = acts[name];
    acts[name] = async function (this: unknown, ...given) {
      if (isOver || isRead(name, given) || left > 0) {
        if (!isRead(name, given)) left -= 1;
        if (name === 'sync') return undefined;
        return real.apply(this, given);
      }
      if (!killed && name === 'writeFile')
        await real.apply(this, acts === ofHandles ? given.map(half) : [given[0], ...given.slice(1).map(half)]);
      killed = true;
      throw new Error('killed');
    };
    return () => {
      acts[name] = real;
    };
  };
  const restore = [
    ...CHANGES.map((name) => replace(fs.promises as unknown as Acts, name)),
    ...CHANGES_OF_HANDLES.map((name) => replace(ofHandles, name)),
  ];
  syncBuiltinESMExports();
  try {
    await act();
  } catch (error) {
    if (!killed) throw error;
  } finally {
    isOver = true;
    for (const one of restore) one();
    syncBuiltinESMExports();
  }
  return killed;
}

/** Is it an `open` that only reads? */
function isRead(name: string, [, flags = 'r']: readonly unknown[]): boolean {
  if (name !== 'open') return false;
  if (typeof flags !== 'number') return flags === 'r';
  return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT)) === 0;
}

const half = (given: unknown): unknown =>
  typeof given === 'string' || Buffer.isBuffer(given) ? given.slice(0, given.length / 2) : given;
