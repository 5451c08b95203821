import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanLater } from './folders.ts';
import { type Ended, PROGRAM, type Running, spawnProcess } from './processes.ts';
import { QUICK } from './timings.ts';

/** What its threads run, for pools within the process of a test: from source it takes twice as long to load. */
export const THREAD = new URL('../../dist/program/thread.js', import.meta.url);

/** Of all tests of one process: a node makes its key there. */
const STATE = join(tmpdir(), `edgesweep-test-state-${process.pid}`);
process.once('exit', () => rmSync(STATE, { recursive: true, force: true }));

export type StartOptions = {
  /** the folder to run in */
  cwd: string;
  /** on top of the environment of the tests, from which what could change the outcome is taken out; undefined removes */
  env?: Record<string, string | undefined>;
  /** whether `child.stdin` can be written to */
  input?: boolean;
  /** within the process of the test: the width of the terminal that standard output is; default: it is none */
  columns?: number;
};

/** Starts `edgesweep` with these words; what still runs after the test is killed, with all that it started. */
export function start(words: readonly string[], options: StartOptions): Running {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build makes it`);
  return startProcess(process.execPath, [PROGRAM, ...words], options);
}

export function startProcess(
  file: string,
  words: readonly string[],
  { cwd, env = {}, input = false }: StartOptions,
): Running {
  const started = spawnProcess(file, words, { cwd, input, env: { ...testEnvironment(), ...env } });
  cleanLater(async () => {
    started.kill();
    await started.ended.catch(() => {});
  });
  return started;
}

/** Runs `edgesweep` to its end. */
export function edgesweep(words: readonly string[], options: StartOptions): Promise<Ended> {
  return start(words, options).ended;
}

// read once: each variable is a call into the system
const own = /^(EDGESWEEP_|VITEST|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_)/;
const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));

/** The environment of the tests, less what could change the outcome. */
export const testEnvironment = (): NodeJS.ProcessEnv => ({
  ...others,
  // a thread takes as long to start as the program, and most sweeps of the tests are done by one before the next is there
  EDGESWEEP_THREADS: '1',
  EDGESWEEP_TIMINGS: JSON.stringify(QUICK),
  // the key of nodes, and nothing else
  XDG_STATE_HOME: STATE,
});
