import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAnswer } from './answers.ts';
import { COOKIE, environmentOf } from './environment.ts';
import { headAndTail } from './log.ts';
import { describeExit, ProgramProcess } from './process.ts';
import { type ProgramSpec, resolveCommand } from './spec.ts';
import { tellingLine } from './telling-line.ts';

/** What became of a start without a task. */
export type Try = {
  /** Did it say hello, as persistent programs do? */
  hello: boolean;
  seconds: number;
  /** how it ended by itself; undefined if edgesweep ended it */
  how: string | undefined;
  /** the most telling line of its log */
  log: string;
};

/** Starts a program once, without a task, and ends it. @throws EdgesweepError PROGRAM_MISSING */
export async function tryProgram(
  spec: Pick<ProgramSpec, 'name' | 'command' | 'directory'>,
  env: NodeJS.ProcessEnv,
  passed: readonly string[],
  patience: number,
): Promise<Try> {
  const command = resolveCommand(spec, env.PATH ?? '');
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-'));
  const log = openSync(join(folder, 'log'), 'a+');
  const started = performance.now();
  try {
    let greet = (): void => {};
    const greeted = new Promise<true>((resolve) => {
      greet = () => resolve(true);
    });
    const process = new ProgramProcess({
      command,
      cwd: folder,
      env: {
        ...environmentOf(env, 0, 1, passed),
        EDGESWEEP_ROOT: spec.directory,
        EDGESWEEP_MODE: 'persistent',
        [COOKIE]: `try-${started}.0`,
      },
      log,
      asked: true,
      grace: 1000,
      onLine(line) {
        if (readAnswer(line).type === 'hello') greet();
      },
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), patience);
    });
    const hello = await Promise.race([greeted, process.ended.then(() => false as const), late]);
    clearTimeout(timer);
    const seconds = (performance.now() - started) / 1000;
    const how = hello || process.exit === undefined ? undefined : describeExit(process.exit);
    process.stdin?.end();
    await process.kill();
    return { hello, seconds, how, log: tellingLine(headAndTail(log)) };
  } finally {
    closeSync(log);
    rmSync(folder, { recursive: true, force: true });
  }
}
