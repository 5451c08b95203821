import { setTimeout as sleep } from 'node:timers/promises';
import { catchInterrupt } from '../interrupt.ts';

const EVERY_MS = 2000;
/** cursor to the top left, clear what is below */
const REDRAW = '\u001b[H\u001b[J';

/** Writes what `read` gives every two seconds: over the last on a terminal, below it in a pipe. */
export async function repeatUntilInterrupted(read: () => Promise<string>): Promise<void> {
  const interrupt = catchInterrupt();
  try {
    while (!interrupt.drain.aborted) {
      const text = await read();
      process.stdout.write(process.stdout.isTTY ? `${REDRAW}${text}` : text);
      await sleep(EVERY_MS, undefined, { signal: interrupt.drain }).catch(() => {});
    }
  } finally {
    interrupt.release();
  }
}
