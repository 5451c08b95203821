import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

export type Running = {
  readonly child: ChildProcess;
  /** what it has written so far */
  readonly stdout: string;
  readonly stderr: string;
  /** false once it has ended */
  readonly alive: boolean;
  readonly ended: Promise<Ended>;
  /** SIGTERM: once to end a command in order, twice to end it at once */
  interrupt(): void;
  /** kill -9 of the process and of its group; stopped ones too */
  kill(): void;
};

export type SpawnOptions = {
  /** the folder to run in */
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** whether `child.stdin` can be written to */
  input?: boolean;
  /** What it prints on standard output is dropped: that of a million cells must not be kept. */
  silent?: boolean;
  /** network namespace to start it in; default: that of this process */
  namespace?: string | undefined;
};

const running = new Set<Running>();

/** Starts a process as the leader of a group of its own, so that a signal to this process does not reach it. */
export function spawnProcess(
  file: string,
  words: readonly string[],
  { cwd, env = process.env, input = false, silent = false, namespace }: SpawnOptions,
): Running {
  const [first, ...rest] =
    namespace === undefined ? [file, ...words] : ['ip', 'netns', 'exec', namespace, file, ...words];
  const child = spawn(first, rest, {
    cwd,
    env,
    detached: true,
    stdio: [input ? 'pipe' : 'ignore', silent ? 'ignore' : 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
    });
  }
  let alive = true;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(started);
      reject(error);
    });
    child.once('close', (code, signal) => {
      alive = false;
      running.delete(started);
      resolve({ code, signal, ...text });
    });
  });
  const started: Running = {
    child,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    get alive() {
      return alive;
    },
    ended,
    interrupt() {
      child.kill('SIGTERM');
    },
    kill() {
      if (child.pid === undefined || !alive) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        // it ended in this very moment
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
  };
  running.add(started);
  return started;
}

/** Starts the built program. */
export const spawnProgram = (words: readonly string[], options: SpawnOptions): Running =>
  spawnProcess(process.execPath, [PROGRAM, ...words], options);

/** Kills the process and waits until it is gone. */
export async function killHard(process: Running): Promise<void> {
  process.kill();
  await process.ended;
}

/** Kills all that this process has started and that still runs. */
export function killAll(): void {
  for (const process of running) process.kill();
}
