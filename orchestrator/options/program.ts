import type { Argv } from 'yargs';
import { programName } from '../../shared/experiments/program.ts';
import { EdgesweepError } from '../../shared/mod.ts';
import { splitCommand } from '../../shared/programs/words.ts';
import type { AllowedProgram } from '../../worker/node/mod.ts';
import type { Surroundings } from '../commands/command.ts';
import type { ProgramOptions } from '../local-pool.ts';
import { listOption, splitList } from './common.ts';

export type ProgramFlags = { slots: number | undefined; passEnv: string[] | undefined };

export const passEnvOption = {
  ...listOption,
  describe: 'further environment variables for programs, separated by commas',
} as const;

export const withProgramOptions = (yargs: Argv): Argv =>
  yargs
    .option('slots', {
      type: 'number',
      requiresArg: true,
      describe: 'processes of programs at the same time  [default: one per GPU, or as threads]',
    })
    .option('pass-env', passEnvOption);

export const allowOption = {
  type: 'string',
  array: true,
  nargs: 1,
  requiresArg: true,
  describe:
    "program that sweeps may name, as NAME=COMMAND, for instance 'train=python3 train.py'; may occur several times",
} as const;

export const programDirOption = {
  type: 'string',
  requiresArg: true,
  describe: "folder of the programs' files  [default: the current folder]",
} as const;

/** @param text what the user wrote @throws EdgesweepError USAGE */
export function allowedProgram(name: string, command: string | readonly string[], text = name): AllowedProgram {
  if (programName().safeParse(name).success) {
    return { name, command: typeof command === 'string' ? splitCommand(command, `--allow ${text}`) : command };
  }
  throw new EdgesweepError('USAGE', 'cannot read the allowed program', {
    where: `--allow ${text}`,
    expected: 'NAME=COMMAND, with a name of letters, digits, "_" and "-"',
    got: text,
    fix: "for instance --allow 'train=python3 train.py'",
  });
}

/** The programs that a command line allows. @throws EdgesweepError USAGE */
export function allowedPrograms(flags: readonly string[]): AllowedProgram[] {
  const allowed = flags.map((text): AllowedProgram => {
    const [, name = '', command = ''] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
    return allowedProgram(name, command, text);
  });
  const again = allowed.find(({ name }, i) => allowed.findIndex((other) => other.name === name) < i);
  if (again === undefined) return allowed;
  throw new EdgesweepError('USAGE', `the program \`${again.name}\` is allowed twice`, {
    where: '--allow',
    expected: 'each name once',
    got: again.name,
    fix: 'remove one of the two',
  });
}

/** @throws EdgesweepError USAGE */
export function programsOf({ slots, passEnv }: ProgramFlags, { env }: Pick<Surroundings, 'env'>): ProgramOptions {
  return { slots: slotCount(slots), env, passed: passEnv && splitList(passEnv) };
}

/** @throws EdgesweepError USAGE */
export function slotCount(slots: number | undefined): number | undefined {
  if (slots !== undefined && !(Number.isInteger(slots) && slots >= 1 && slots <= 1024)) {
    throw new EdgesweepError('USAGE', 'invalid number of slots', {
      where: '--slots',
      expected: 'a whole number from 1 to 1024',
      got: String(slots),
      fix: 'omit it for one slot per GPU, or per core where there is none',
    });
  }
  return slots;
}
