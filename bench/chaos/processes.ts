import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

export type Ended = { code: number | null; signal: NodeJS.Signals | null };

export type Running = {
  readonly child: ChildProcess;
  readonly stderr: string;
  readonly alive: boolean;
  readonly ended: Promise<Ended>;
};

const alive = new Set<ChildProcess>();

/** @param namespace of the network, to start it in; absent: ours */
export function startProcess(file: string, words: readonly string[], cwd: string, namespace?: string): Running {
  const [first, ...rest] =
    namespace === undefined ? [file, ...words] : ['ip', 'netns', 'exec', namespace, file, ...words];
  const child = spawn(first, rest, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  alive.add(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      alive.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    child,
    get stderr() {
      return stderr;
    },
    get alive() {
      return alive.has(child);
    },
    ended,
  };
}

export async function killHard({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** Ends what this process has started and what still runs, those that are stopped too. */
export function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}
