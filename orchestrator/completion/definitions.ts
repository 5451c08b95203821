import type { Argv, Options, PositionalOptions } from 'yargs';
import type { Command } from '../commands/mod.ts';

/** What a command defines, by the names of its positionals and options, in its order. */
export type Definitions = {
  positionals: ReadonlyMap<string, PositionalOptions>;
  options: ReadonlyMap<string, Options>;
};

/** Has a command define its options on what only writes them down: yargs does not say what it was told. */
export function definitionsOf(command: Command): Definitions {
  const positionals = new Map<string, PositionalOptions>();
  const options = new Map<string, Options>();
  const recorder = {
    // with another definition of the same name the later one holds
    positional: (name: string, definition: PositionalOptions) => recorded(positionals.set(name, definition)),
    option: (name: string, definition: Options) => recorded(options.set(name, definition)),
  };
  const recorded = (_: unknown) => recorder;
  command.options(recorder as unknown as Argv);
  return { positionals, options };
}
