import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { lineReader } from './answers.ts';
import { signal } from './descendants.ts';

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type StartOptions = {
  /** full paths, see `resolveCommand` */
  command: readonly string[];
  /** working directory */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** descriptor of the log: standard output and standard error */
  log: number;
  /** does it read tasks from standard input? */
  asked: boolean;
  /** milliseconds between TERM and KILL */
  grace: number;
  onLine(line: string): void;
};

let pdeathsig: boolean | undefined;

/** Is there a `setpriv` that has the kernel end a process with its parent? */
function hasParentDeathSignal(): boolean {
  pdeathsig ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true'], { stdio: 'ignore' }).status === 0;
  return pdeathsig;
}

/** A process of a program, in a group of its own. */
export class ProgramProcess {
  readonly #child: ChildProcess;
  readonly #grace: number;
  /** resolves once it has ended and its answers were read, or shortly after if another process holds its descriptor 3 */
  readonly ended: Promise<Exit>;
  /** why it could not be started; `ended` resolves all the same */
  startError: Error | undefined;
  exit: Exit | undefined;
  #killing: Promise<void> | undefined;

  /** To be called on the main thread: the signal at a parent's death goes by threads. */
  constructor({ command, cwd, env, log, asked, grace, onLine }: StartOptions) {
    const [first, ...rest] = hasParentDeathSignal() ? ['setpriv', '--pdeathsig', 'TERM', '--', ...command] : command;
    this.#grace = grace;
    this.#child = spawn(first, rest, {
      cwd,
      env,
      detached: true,
      stdio: [asked ? 'pipe' : 'ignore', log, log, 'pipe'],
    });
    // a process may end without having read its input
    this.#child.stdin?.on('error', () => {});
    const answers = this.#child.stdio[3] as Readable;
    answers.setEncoding('utf8');
    const lines = lineReader(onLine);
    const read = new Promise<void>((resolve) => {
      answers.on('data', (text: string) => lines.push(text));
      answers.on('error', () => resolve());
      answers.on('close', () => resolve());
      answers.on('end', () => {
        lines.end();
        resolve();
      });
    });
    this.ended = new Promise<Exit>((resolve) => {
      this.#child.on('error', (error) => {
        this.startError = error;
        resolve({ code: null, signal: null });
      });
      this.#child.on('exit', (code, name) => {
        this.exit = { code, signal: name };
        this.signalGroup('SIGKILL');
        // a process that has left the group may hold the descriptor open
        const waited = setTimeout(() => answers.destroy(), 500);
        void read.then(() => {
          clearTimeout(waited);
          resolve({ code, signal: name });
        });
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get stdin(): Writable | null {
    return this.#child.stdin;
  }

  get isAlive(): boolean {
    return this.exit === undefined && this.startError === undefined;
  }

  signalGroup(name: NodeJS.Signals): void {
    if (this.pid !== undefined) signal(-this.pid, name);
  }

  /** TERM to the group, and KILL to what is left of it after the grace; resolves once it has ended. */
  kill(at: 'politely' | 'now' = 'politely'): Promise<void> {
    if (!this.isAlive) return this.ended.then(() => {});
    if (at === 'now') this.signalGroup('SIGKILL');
    this.#killing ??= (async () => {
      if (at === 'politely') this.signalGroup('SIGTERM');
      const timer = setTimeout(() => this.signalGroup('SIGKILL'), this.#grace);
      await this.ended;
      clearTimeout(timer);
    })();
    return this.#killing;
  }
}

/** How it ended, in words. */
export function describeExit({ code, signal: name }: Exit): string {
  if (name !== null) return `was killed by ${name}`;
  return `ended with exit code ${code}`;
}
