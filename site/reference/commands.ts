import type { Options } from 'yargs';
import { COMMANDS } from '../../orchestrator/commands/mod.ts';
import { definitionsOf } from '../../orchestrator/completion/definitions.ts';
import { code, page, prose, table } from './markdown.ts';

/** Every command with all of its options, in the order of the help. */
export async function commandsPage(): Promise<string> {
  const sections = await Promise.all(Object.keys(COMMANDS).map(section));
  return page(
    'Command reference',
    'Every option of every command. [Commands](../commands.md) explains them with examples that are tested, and has the objects of `--json`. All\n' +
      'commands also take `--help` and `--verbose`, which shows the stack trace of errors; `edgesweep --version` prints the version.',
    ...sections,
  );
}

async function section(name: string): Promise<string> {
  const { words, describe, load } = COMMANDS[name];
  const command = await load();
  const { positionals, options } = definitionsOf(command);
  const rows = [
    ...[...positionals].map(([word, definition]) => [code(word.toUpperCase()), ...facts(definition)]),
    ...[...options].map(([option, definition]) => [code(`--${option}`), ...facts(definition)]),
  ];
  const examples = (command.examples ?? []).map(([line, about]) => `- ${code(`edgesweep ${line}`)}: ${prose(about)}`);
  return [
    `## ${name}`,
    `${code(['edgesweep', name, ...(words === undefined ? [] : [words])].join(' '))}: ${prose(describe)}.`,
    table(['', 'value', 'default', 'meaning'], rows),
    examples.join('\n'),
  ].join('\n\n');
}

/** Some descriptions end with variables and the default in brackets, as the help shows them. */
const NOTE = /\s*\[([^\]]*)\]$/;

function facts({ type, choices, array, default: value, describe = '' }: Options): [string, string, string] {
  const [, note = ''] = NOTE.exec(describe) ?? [];
  const notes = note.split('; ').filter((part) => part !== '');
  const said = notes.find((part) => part.startsWith('default: '))?.slice('default: '.length);
  const variables = notes.filter((part) => !part.startsWith('default: '));
  const kind = choices?.map((choice) => code(String(choice))).join(', ') ?? (type === 'boolean' ? 'flag' : `${type}`);
  const shown = said ?? (hasDefault(value) ? code([value].flat().join(',')) : '');
  const meaning = describe.replace(NOTE, '') + (variables.length > 0 ? ` (${variables.join('; ')})` : '');
  return [array === true ? `${kind}, several` : kind, prose(shown), prose(meaning)];
}

const hasDefault = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
