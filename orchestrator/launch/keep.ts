import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Interrupt } from '../interrupt.ts';
import type { Node } from './hosts.ts';

export type NodeEvent = {
  node: string;
  host: string;
  /** absent for a line of the node's log */
  state?: 'connecting' | 'running' | 'lost' | 'ended' | 'failed';
  message: string;
  time: string;
};

export type Keeping = {
  /** words of ssh, and what goes to the standard input of the host */
  words: readonly string[];
  input: string;
  env: NodeJS.ProcessEnv;
  interrupt: Pick<Interrupt, 'drain' | 'stop'>;
  /** before the first restart, in milliseconds; twice as long each time */
  backoff: number;
  tell(event: NodeEvent): void;
};

/** How a node came to its end; `why` of one that will not come back. */
export type NodeEnd = { state: 'ended' } | { state: 'failed'; why: string };

/** The longest wait before a restart is so many times the first. */
const LONGEST = 64;
/** A connection that lasted so many first waits was a good one: the next wait is the first again. */
const GOOD = 30;
/** What ssh says where another try would say the same. */
const HOPELESS =
  /Permission denied|Host key verification failed|Could not resolve hostname|Bad configuration option|no such identity|Too many authentication failures/i;
/** After the second interruption a connection that does not end is cut. */
const CUT_MS = 5000;

/** Starts the node, and again after its host was lost or it was killed, until it ends by itself or on request. */
export async function keepNode(node: Node, keeping: Keeping): Promise<NodeEnd> {
  const { interrupt, backoff } = keeping;
  const tell = (state: NodeEvent['state'], message: string) =>
    keeping.tell({
      node: node.name,
      host: node.host,
      ...(state && { state }),
      message,
      time: new Date().toISOString(),
    });
  // a host that was reached once comes back: after a network failure ssh may not even find its name
  let wasEverReady = false;
  for (let failures = 0; ; failures++) {
    tell('connecting', `connecting to ${node.host}`);
    const started = performance.now();
    const { code, why, wasReady } = await runOnce(keeping, tell);
    wasEverReady ||= wasReady;
    const end = endOf(code, why, wasEverReady);
    if (interrupt.drain.aborted || end?.state === 'ended') {
      tell('ended', `ended${code === 0 ? '' : ` (exit code ${code})`}`);
      return { state: 'ended' };
    }
    if (end !== undefined) {
      tell('failed', end.why);
      return end;
    }
    if (wasReady && performance.now() - started > GOOD * backoff) failures = 0;
    const wait = backoff * Math.min(LONGEST, 2 ** failures);
    tell('lost', `lost: ${why || `exit code ${code}`}; starts again in ${wait / 1000} s`);
    await sleep(wait, undefined, { signal: interrupt.drain }).catch(() => {});
    if (interrupt.drain.aborted) return { state: 'ended' };
  }
}

/** Undefined where another try may help: the connection broke, or something killed the node. */
function endOf(code: number | null, why: string, wasEverReady: boolean): NodeEnd | undefined {
  if (code === 0) return { state: 'ended' };
  // it withdrew, or its command line or server needs a change: the same again
  if (code === 1 || code === 2 || code === 126 || code === 127) {
    return { state: 'failed', why: why || `exit code ${code}` };
  }
  return code === 255 && !wasEverReady && HOPELESS.test(why) ? { state: 'failed', why } : undefined;
}

type Once = { code: number | null; why: string; wasReady: boolean };

/** One connection, to its end. @returns with the last line of the error output as `why` */
function runOnce(
  { words, input, env, interrupt }: Keeping,
  tell: (state: NodeEvent['state'], message: string) => void,
): Promise<Once> {
  return new Promise((resolve) => {
    // in a session of its own: Ctrl-C is for `launch`, which drains the node
    const child = spawn('ssh', words, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    let why = '';
    let wasReady = false;
    // the host may be gone before it has read everything
    child.stdin.on('error', () => {});
    child.stdin.write(input);
    createInterface({ input: child.stdout }).on('line', (text) => {
      const message = messageIn(text);
      if (message.startsWith('ready:') && !wasReady) {
        wasReady = true;
        tell('running', message);
      } else tell(undefined, message);
    });
    createInterface({ input: child.stderr }).on('line', (text) => {
      if (text.trim() === '') return;
      // of an error in several lines the first says what it is
      if (!why.startsWith('error [')) why = text.trim();
      tell(undefined, text);
    });
    const order = () => void child.stdin.write('stop\n');
    const cut = () => {
      order();
      setTimeout(() => child.kill(), CUT_MS).unref();
    };
    interrupt.drain.addEventListener('abort', order);
    interrupt.stop.addEventListener('abort', cut);
    if (interrupt.drain.aborted) order();
    const end = (once: Once) => {
      interrupt.drain.removeEventListener('abort', order);
      interrupt.stop.removeEventListener('abort', cut);
      resolve(once);
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      end({ code: 127, why: error.code === 'ENOENT' ? 'ssh is not on PATH' : error.message, wasReady }),
    );
    child.on('close', (code) => end({ code, why, wasReady }));
  });
}

/** The log of a node is JSON, one object per line; what is none is shown as it is. */
function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // a banner of the host perhaps
  }
  return text;
}
