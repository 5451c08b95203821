import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cleanLater } from './folders.ts';
import { QUICK } from './timings.ts';

/** The built program. */
export const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

/** What its threads run, for pools within the process of a test: from source it takes twice as long to load. */
export const THREAD = new URL('../../dist/program/thread.js', import.meta.url);

export type StartOptions = {
  /** the folder to run in */
  cwd: string;
  /** on top of the environment of the tests, from which what could change the outcome is taken out; undefined removes */
  env?: Record<string, string | undefined>;
};

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

export type Running = {
  readonly child: ChildProcess;
  /** what it has written so far */
  readonly stdout: string;
  readonly stderr: string;
  /** false once it has ended */
  readonly alive: boolean;
  readonly ended: Promise<Ended>;
  /** kill -9 of the program and of all processes that it started */
  killGroup(): void;
};

/** Starts `edgesweep` with these words, the leader of a process group of its own; what still runs after the test is killed. */
export function start(words: readonly string[], options: StartOptions): Running {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build makes it`);
  return startProcess(process.execPath, [PROGRAM, ...words], options);
}

export function startProcess(file: string, words: readonly string[], { cwd, env = {} }: StartOptions): Running {
  const child = spawn(file, words, {
    cwd,
    env: { ...testEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
    });
  }
  let alive = true;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      alive = false;
      resolve({ code, signal, ...text });
    });
  });
  const killGroup = () => {
    if (child.pid === undefined || !alive) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // it ended in this very moment
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  cleanLater(async () => {
    killGroup();
    await ended.catch(() => {});
  });
  return {
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
    killGroup,
  };
}

/** Runs `edgesweep` to its end. */
export function edgesweep(words: readonly string[], options: StartOptions): Promise<Ended> {
  return start(words, options).ended;
}

/** The environment of the tests, less what could change the outcome. */
export function testEnvironment(): NodeJS.ProcessEnv {
  const own = /^(EDGESWEEP_|VITEST|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_)/;
  const others = Object.entries(process.env).filter(([name]) => !own.test(name));
  // a thread takes as long to start as the program, and most sweeps of the tests are done by one before the next is there
  return { ...Object.fromEntries(others), EDGESWEEP_THREADS: '1', EDGESWEEP_TIMINGS: JSON.stringify(QUICK) };
}
