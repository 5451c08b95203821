import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { duration } from '../../shared/mod.ts';
import { type Answer, readAnswer } from './answers.ts';
import { residentBytes } from './descendants.ts';
import { COOKIE } from './environment.ts';
import { MachineFault, ProgramFailure } from './failure.ts';
import type { Asker, Launch, OnStep, Question, Reply } from './launch.ts';
import { type ProcessLog, processLog } from './log.ts';
import { ProgramProcess } from './process.ts';
import { badAnswer, faultOf, saidFailure } from './verdict.ts';
import { Watch } from './watch.ts';

const PROTOCOL = 1;
/** How long a process may take to end by itself, in milliseconds. */
const PATIENCE_MS = 1000;

/** One process for many questions, replaced after any error and as `recycle` says. */
export function persistent(launch: Launch): Asker {
  let current: Session | undefined;
  return {
    async ask(question, log, onStep) {
      if (current?.isSpent() ?? false) {
        const spent = current!;
        current = undefined;
        await spent.end();
        spent.log.close();
      }
      current ??= new Session(launch);
      const session = current;
      try {
        await session.greeted;
        return await session.ask(question, onStep);
      } catch (error) {
        current = undefined;
        await session.kill();
        throw error;
      } finally {
        session.log.copyTo(log);
        if (session !== current) session.log.close();
      }
    },
    async close() {
      await current?.end();
      rmSync(launch.scratch, { recursive: true, force: true });
    },
  };
}

type Pending = { id: string; onStep: OnStep; resolve(reply: Reply): void; reject(error: Error): void };

/** One process from its start to its end. */
class Session {
  readonly greeted: Promise<void>;
  readonly log: ProcessLog;
  readonly #launch: Launch;
  readonly #process: ProgramProcess;
  readonly #started = performance.now();
  #pending: Pending | undefined;
  /** a line that came when nothing was asked: the process is replaced */
  #stray: string | undefined;
  #answered: string | undefined;
  #tasks = 0;

  constructor(launch: Launch) {
    const { spec, command, env, scratch, grace } = launch;
    this.#launch = launch;
    const folder = join(scratch, 'work');
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    this.log = processLog(join(scratch, 'log'));
    const cookie = launch.cookie();
    let greet = (): void => {};
    let refuse = (_: Error): void => {};
    this.greeted = new Promise<void>((resolve, reject) => {
      greet = resolve;
      refuse = reject;
    });
    // it may reject before `ask` waits for it
    this.greeted.catch(() => {});
    let isGreeted = false;
    this.#process = new ProgramProcess({
      command,
      cwd: folder,
      env: { ...env, EDGESWEEP_MODE: 'persistent', [COOKIE]: cookie },
      log: this.log.descriptor,
      asked: true,
      grace,
      onLine: (line) => {
        if (isGreeted) {
          this.#onLine(line);
          return;
        }
        const hello = readAnswer(line);
        isGreeted = hello.type === 'hello' && hello.protocol === PROTOCOL;
        if (isGreeted) greet();
        else refuse(this.#noHello(`the line ${line.slice(0, 200)}`));
      },
    });
    const timer = setTimeout(
      () => refuse(this.#noHello(`nothing for ${duration(spec.settings.start)}`)),
      1000 * spec.settings.start,
    );
    void this.greeted.catch(() => {}).finally(() => clearTimeout(timer));
    void this.#process.ended.then((exit) => {
      const { startError } = this.#process;
      const fault =
        startError === undefined
          ? faultOf(spec.name, exit)
          : new MachineFault(`the program \`${spec.name}\` cannot be started: ${startError.message}`);
      refuse(fault);
      this.#end(fault);
      launch.onEnd(cookie);
    });
  }

  #noHello(got: string): ProgramFailure {
    return new ProgramFailure('PROGRAM_FAILED', `the program \`${this.#launch.spec.name}\` does not say hello`, {
      expected: `{"protocol":${PROTOCOL}} as the first line on file descriptor 3, within ${duration(this.#launch.spec.settings.start)}`,
      got,
      fix: 'use the helper that `edgesweep program python` prints, or set `program.mode: one-shot`',
    });
  }

  /** Is it to be replaced before the next task? */
  isSpent(): boolean {
    const { recycle } = this.#launch.spec.settings;
    if (!this.#process.isAlive || this.#stray !== undefined) return true;
    if (recycle === undefined) return false;
    const { tasks = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY, memory } = recycle;
    if (this.#tasks >= tasks || performance.now() - this.#started >= 60_000 * minutes) return true;
    return memory !== undefined && residentBytes(this.#process.pid ?? 0) > memory;
  }

  async ask(question: Question, onStep: OnStep): Promise<Reply> {
    const { spec } = this.#launch;
    const watch = new Watch(this.#process, spec.name, spec.settings);
    try {
      return await new Promise<Reply>((resolve, reject) => {
        this.#pending = { id: question.id, onStep, resolve, reject };
        this.#tasks += 1;
        if (!this.#process.isAlive) this.#end(faultOf(spec.name, this.#process.exit!));
        else this.#process.stdin!.write(`${JSON.stringify(question)}\n`);
      });
    } catch (error) {
      throw watch.failure ?? error;
    } finally {
      watch.stop();
      this.#pending = undefined;
    }
  }

  #onLine(line: string): void {
    if (this.#pending === undefined) {
      this.#stray = line;
      return;
    }
    const answer = readAnswer(line);
    const error = this.#faultIn(answer, this.#pending);
    if (error !== undefined) this.#end(error);
    else if (answer.type === 'result') this.#settle(answer, this.#pending);
  }

  /** What is wrong with an answer, at this time. */
  #faultIn(answer: Answer, { id, onStep }: Pending): Error | undefined {
    const { name } = this.#launch.spec;
    if (answer.type === 'garbage') return badAnswer(name, answer.problem);
    if (answer.type === 'hello') return badAnswer(name, 'a second hello');
    // it came too late to be this task's fault
    if (answer.id !== id && answer.id !== undefined && answer.id === this.#answered)
      return new MachineFault(`the program \`${name}\` answered the task before once more`);
    if (answer.id !== id) return badAnswer(name, `an answer with the id ${answer.id ?? '(none)'}, when asked ${id}`);
    if (answer.type === 'failure') return saidFailure(name, answer.error, answer.retry);
    const problem = answer.type === 'step' ? onStep(answer.step, answer.values) : undefined;
    return problem === undefined ? undefined : badAnswer(name, problem);
  }

  #settle(reply: Reply, { id, resolve, reject }: Pending): void {
    this.#pending = undefined;
    this.#answered = id;
    // a second result in the same chunk is seen before the promise resolves
    queueMicrotask(() => {
      if (this.#stray === undefined) resolve(reply);
      else reject(badAnswer(this.#launch.spec.name, `more after the result: ${this.#stray.slice(0, 200)}`));
    });
  }

  #end(error: Error): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }

  /** Closes its standard input, so that it can end by itself, and kills it if it does not. */
  async end(): Promise<void> {
    this.#process.stdin?.end();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(PATIENCE_MS, this.#launch.grace));
    });
    // a task in flight is not waited for
    if (this.#pending === undefined) await Promise.race([this.#process.ended, patience]);
    clearTimeout(timer);
    await this.#process.kill();
  }

  kill(): Promise<void> {
    this.#process.stdin?.end();
    return this.#process.kill();
  }
}
