import { isAbsolute, join } from 'node:path';
import type { Argv } from 'yargs';
import type { Interrupt } from '../interrupt.ts';

/** Where text goes: standard output or standard error of the process, or what a test collects. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** All that a command takes from its process. */
export type Context = {
  /** the words of the command line */
  readonly words: readonly string[];
  /** results */
  readonly stdout: Output;
  /** everything else */
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** where relative paths start; `.` leaves them relative to the folder of the process */
  readonly cwd: string;
  /** from now until `release`, an interruption does not end the process */
  catchInterrupt(): Interrupt;
};

/** Where settings come from that have no flag. */
export type Surroundings = Pick<Context, 'env' | 'cwd'>;

/** What a command does; its name and description are in `COMMANDS`. */
export type Command<Options = never> = {
  /** adds positionals and options, and imports nothing that is slow to load: completion and help need them */
  options(yargs: Argv): Argv;
  /** the options that are paths: those given are resolved against `cwd` before `act` sees them */
  paths: readonly (keyof Options & string)[];
  /** the values of options and positionals that their definition does not list, for shells to complete */
  completes?: Readonly<Record<string, readonly string[]>>;
  /** command lines for the help, without the name of the program, each with what it does */
  examples?: readonly (readonly [words: string, description: string])[];
  /** @returns the exit code */
  act(options: Options, context: Context): Promise<number> | number;
};

/** The path as this process has to write it. An empty one stays for the command to refuse; an address is no path. */
export const at = (cwd: string, path: string): string =>
  cwd === '.' || path === '' || isAbsolute(path) || /^[a-z]+:\/\//i.test(path) ? path : join(cwd, path);
