import type { Options, PositionalOptions } from 'yargs';
import { CELL_KEYS, ENGINES, PANELS } from '../../shared/mod.ts';
import { STATISTICS, sweepJsonSchema } from '../../shared/sweep/mod.ts';
import { COMMANDS, type Command } from '../commands/mod.ts';
import { FORMATS } from '../report/mod.ts';
import { definitionsOf } from './definitions.ts';
import type { CommandWords, OptionWords, Values, Words } from './words.ts';

const choices = (words: readonly string[]): Values => ({ kind: 'choices', choices: words });

/** What options and positionals of a name take, in whichever command, where their definition does not say so. */
const BY_NAME: Readonly<Record<string, Values>> = {
  sweep: { kind: 'sweep' },
  sweeps: { kind: 'any' },
  directory: { kind: 'sweep-directory' },
  directories: { kind: 'sweep-directory' },
  targets: { kind: 'sweep-directory' },
  in: { kind: 'sweep-directory' },
  a: { kind: 'sweep-directory' },
  b: { kind: 'sweep-directory' },
  folder: { kind: 'directory' },
  'data-dir': { kind: 'directory' },
  scratch: { kind: 'directory' },
  store: { kind: 'directory' },
  from: { kind: 'file' },
  set: { kind: 'setting' },
  format: choices(Object.keys(FORMATS)),
  stat: choices(STATISTICS),
  panels: choices(PANELS),
  by: choices(CELL_KEYS),
  x: choices(CELL_KEYS),
  facet: choices(CELL_KEYS),
  log: choices(['x', 'y']),
  linear: choices(['x', 'y']),
  engines: choices([...ENGINES, 'tfjs']),
};

/** Everything that a shell can complete. Loads every command. */
export async function collectWords(): Promise<Words> {
  const commands: Record<string, CommandWords> = {};
  for (const [name, { words = '', describe, load }] of Object.entries(COMMANDS)) {
    commands[name] = { describe, ...wordsOf(await load()), variadic: words.includes('..') };
  }
  return { commands, settings: settings() };
}

function wordsOf(command: Command): Pick<CommandWords, 'positionals' | 'options'> {
  const { positionals, options } = definitionsOf(command);
  const optionWords = ([name, definition]: [string, Options]): [string, OptionWords] => {
    const { describe = '', type, array } = definition;
    const values = type === 'boolean' ? null : valuesOf(name, definition, command);
    return [name, { describe, values, list: array === true }];
  };
  return {
    positionals: [...positionals].map(([name, definition]) => valuesOf(name, definition, command)),
    options: Object.fromEntries([...options].map(optionWords)),
  };
}

function valuesOf(name: string, definition: Options | PositionalOptions, { paths, completes }: Command): Values {
  const own = completes?.[name];
  if (own !== undefined) return choices(own);
  if (Array.isArray(definition.choices)) return choices(definition.choices.map(String));
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return { kind: (paths as readonly string[]).includes(camel) ? 'file' : 'any' };
}

type Schema = {
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  type?: string;
};

/** Keys that only a file can sensibly hold. */
const OF_FILES = ['name', 'title', 'source', 'experiment', 'exclude', 'zip'];

/** The keys of sweep files of every experiment that a flag can set, with the values that they can have. */
function settings(): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (schema: Schema, key: string): void => {
    const { properties = {}, anyOf = [], oneOf = [], items } = schema;
    for (const part of [...anyOf, ...oneOf, ...(items ? [items] : [])]) visit(part, key);
    // a range, which a flag gives as a list
    if ('from' in properties) return;
    for (const [name, part] of Object.entries(properties)) {
      if (key !== '' || !OF_FILES.includes(name)) visit(part, key === '' ? name : `${key}.${name}`);
    }
    const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
    const own = [...values, ...(schema.type === 'boolean' ? [true, false] : [])].map(String);
    if (key !== '') found[key] = [...new Set([...(found[key] ?? []), ...own])];
  };
  visit(sweepJsonSchema(), '');
  const keys = Object.keys(found);
  const isLeaf = ([key]: [string, unknown]) => !keys.some((other) => other.startsWith(`${key}.`));
  return Object.fromEntries(Object.entries(found).filter(isLeaf));
}
