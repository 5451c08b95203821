import type { CommandWords, OptionWords, Values, Words } from './words.ts';

export type Proposal = { word: string; describe?: string };

export type Reply = {
  found: Proposal[];
  /** what the shell has to add itself */
  shell: 'nothing' | 'files' | 'directories';
  /** no space after a proposal: a value follows */
  open: boolean;
};

/** What is not in the file, read only where it is wanted. */
export type Sources = { sweeps(): readonly string[]; directories(): readonly string[] };

const NOTHING: Reply = { found: [], shell: 'nothing', open: false };

const GLOBAL: Readonly<Record<string, OptionWords>> = {
  help: { describe: 'show help', values: null, list: false },
  verbose: { describe: 'show the stack trace of errors', values: null, list: false },
};

/** What the last of the words may become. */
export function proposals(words: readonly string[], { commands, settings }: Words, sources: Sources): Reply {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith('-'));
  if (at < 0) return commandNames(typed, commands);
  if (!Object.hasOwn(commands, before[at])) return NOTHING;
  const command = commands[before[at]];
  const options = { ...command.options, ...GLOBAL };
  const { count, open, used } = readWords(before.slice(at + 1), options);
  if (open !== undefined) return valuesOf(open, '', typed, settings, sources);
  const assigned = /^--([^=]+)=/.exec(typed);
  if (assigned !== null) {
    const [prefix, name] = assigned;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    return option === undefined ? NOTHING : valuesOf(option, prefix, typed, settings, sources);
  }
  if (typed.startsWith('-')) return optionNames(typed, options, used);
  const values = positionalAt(command, count);
  return values === undefined ? NOTHING : valuesOf({ values, list: false }, '', typed, settings, sources);
}

function commandNames(typed: string, commands: Words['commands']): Reply {
  const names = Object.entries(commands).map(([word, { describe }]) => ({ word, describe }));
  const global = ['--help', '--version'].map((word) => ({ word }));
  return { ...NOTHING, found: matching(typed.startsWith('-') ? global : names, typed) };
}

function optionNames(typed: string, options: CommandWords['options'], used: ReadonlySet<string>): Reply {
  const names = Object.entries(options)
    .filter(([name, { list }]) => list || !used.has(name))
    .map(([name, { describe }]) => ({ word: `--${name}`, describe }));
  return { ...NOTHING, found: matching(names, typed) };
}

/** The finished words after the command: how many positionals, which options, and the one that waits for its value. */
function readWords(words: readonly string[], options: CommandWords['options']) {
  const used = new Set<string>();
  let count = 0;
  let open: OptionWords | undefined;
  for (const word of words) {
    if (open !== undefined) open = undefined;
    else if (!word.startsWith('--')) count += 1;
    else {
      const [name, value] = word.slice(2).split('=', 2);
      used.add(name);
      const option = Object.hasOwn(options, name) ? options[name] : undefined;
      if (value === undefined && option?.values) open = option;
    }
  }
  return { count, open, used };
}

const positionalAt = ({ positionals, variadic }: CommandWords, index: number): Values | undefined =>
  positionals[index] ?? (variadic ? positionals.at(-1) : undefined);

/** @param prefix of the word that is no part of the value, such as `--format=` */
function valuesOf(
  { values, list }: Pick<OptionWords, 'values' | 'list'>,
  prefix: string,
  typed: string,
  settings: Words['settings'],
  sources: Sources,
): Reply {
  if (values === null) return NOTHING;
  const value = typed.slice(prefix.length);
  const words = (of: readonly string[], start = prefix) =>
    matching(
      of.map((word) => ({ word: `${start}${word}` })),
      typed,
    );
  const afterComma = (start = prefix) => `${start}${typed.slice(start.length, typed.lastIndexOf(',') + 1)}`;
  switch (values.kind) {
    case 'choices': {
      const start = list && value.includes(',') ? afterComma() : prefix;
      const chosen = start.slice(prefix.length).split(',');
      return {
        ...NOTHING,
        found: words(
          values.choices.filter((choice) => !chosen.includes(choice)),
          start,
        ),
      };
    }
    case 'setting': {
      const key = /^([^=]*)=/.exec(value);
      if (key === null)
        return { ...NOTHING, found: words(Object.keys(settings).map((name) => `${name}=`)), open: true };
      const start = `${prefix}${key[0]}`;
      const choices = Object.hasOwn(settings, key[1]) ? settings[key[1]] : [];
      return { ...NOTHING, found: words(choices, value.includes(',') ? afterComma(start) : start) };
    }
    case 'sweep':
      return { found: words(sources.sweeps()), shell: 'files', open: false };
    case 'sweep-directory': {
      // those in results, or else folders, in which the shell finds its way: both at once would be ambiguous
      const found = value.includes('/') ? [] : words(sources.directories());
      return { found, shell: found.length > 0 ? 'nothing' : 'directories', open: false };
    }
    case 'directory':
      return { ...NOTHING, shell: 'directories' };
    case 'file':
      return { ...NOTHING, shell: 'files' };
    case 'any':
      return NOTHING;
  }
}

const matching = (all: readonly Proposal[], typed: string): Proposal[] =>
  all.filter(({ word }) => word.startsWith(typed));
