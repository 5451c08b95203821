import { Writable } from 'node:stream';
import { cleanLater } from './folders.ts';
import type { Ended, Running } from './processes.ts';
import { type StartOptions, testEnvironment } from './program.ts';

/** The command line as it is built: bundled, it and its threads load several times as fast as the single modules. */
const built: typeof import('../../dist/orchestrator/cli.js') = await import(
  new URL('../../dist/program/cli.js', import.meta.url).href
);
export const { runCli } = built;

/** What a command that was started has in common, in a process of its own or not. */
export type Started = Pick<Running, 'stdout' | 'stderr' | 'alive' | 'ended' | 'interrupt'>;

/**
 * Starts a command of the built program within this process, a second faster: for all that needs no process of its own. What still runs
 * after the test is ended.
 */
export function startHere(words: readonly string[], { cwd, env = {}, columns }: StartOptions): Started {
  const stdout = collect();
  const stderr = collect();
  const [drain, stop] = [new AbortController(), new AbortController()];
  let alive = true;
  const run = async (): Promise<Ended> => {
    const code = await runCli(words, {
      stdout: columns === undefined ? stdout.stream : Object.assign(stdout.stream, { isTTY: true, columns }),
      stderr: stderr.stream,
      env: { ...testEnvironment(), ...env },
      cwd,
      catchInterrupt: () => ({ drain: drain.signal, stop: stop.signal, release() {} }),
    }).finally(() => {
      alive = false;
    });
    return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  };
  const ended = run();
  cleanLater(async () => {
    drain.abort();
    stop.abort();
    await ended.catch(() => {});
  });
  return {
    get stdout() {
      return stdout.text();
    },
    get stderr() {
      return stderr.text();
    },
    get alive() {
      return alive;
    },
    ended,
    interrupt() {
      if (drain.signal.aborted) stop.abort();
      else drain.abort();
    },
  };
}

/** Runs a command of the built program within this process to its end. */
export const inProcess = (words: readonly string[], options: StartOptions): Promise<Ended> =>
  startHere(words, options).ended;

function collect() {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(part);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString('utf8') };
}
