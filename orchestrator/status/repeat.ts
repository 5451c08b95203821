import { setTimeout as sleep } from 'node:timers/promises';
import { EdgesweepError, formatError } from '../../shared/mod.ts';
import type { Interrupt } from '../interrupt.ts';

const EVERY_MS = 2000;
/** cursor to the top left, clear what is below */
const REDRAW = '\u001b[H\u001b[J';

type Surroundings = {
  stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  catchInterrupt(): Interrupt;
};

/** Writes what `read` gives every two seconds: over the last on a terminal, below it in a pipe. */
export async function repeatUntilInterrupted(
  read: () => Promise<string>,
  { stdout, catchInterrupt }: Surroundings,
): Promise<void> {
  const interrupt = catchInterrupt();
  try {
    while (!interrupt.drain.aborted) {
      const text = await read().catch(tellIfAway);
      stdout.write(stdout.isTTY === true ? `${REDRAW}${text}` : text);
      await sleep(EVERY_MS, undefined, { signal: interrupt.drain }).catch(() => {});
    }
  } finally {
    interrupt.release();
  }
}

/** A server that is away may come back. */
function tellIfAway(error: unknown): string {
  if (error instanceof EdgesweepError && error.code === 'NATS_UNREACHABLE') return `${formatError(error)}\n`;
  throw error;
}
