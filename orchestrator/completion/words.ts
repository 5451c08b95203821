/** What a word of the command line may be. */
export type Values =
  | { kind: 'choices'; choices: readonly string[] }
  /** `sweep`: a shipped sweep or a sweep file; `setting`: KEY=VALUE of a sweep file; `any`: nothing to propose */
  | { kind: 'sweep' | 'sweep-directory' | 'directory' | 'file' | 'setting' | 'any' };

export type OptionWords = {
  describe: string;
  /** null: a flag without a value */
  values: Values | null;
  /** several values, separated by commas or given several times */
  list: boolean;
};

export type CommandWords = {
  describe: string;
  positionals: readonly Values[];
  /** the last positional may be repeated */
  variadic: boolean;
  options: Readonly<Record<string, OptionWords>>;
};

/** Everything that a shell can complete, in a file that the build writes: to load the commands themselves would take too long. */
export type Words = {
  commands: Readonly<Record<string, CommandWords>>;
  /** the keys of sweep files with their choices, none where any value will do */
  settings: Readonly<Record<string, readonly string[]>>;
};

/** In `dist/program/`. */
export const WORDS_FILE = 'completions.json';
