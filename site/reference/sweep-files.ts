import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { STARTERS } from '../../orchestrator/experiments/starters.ts';
import { type ExperimentName, experimentNamed, packageRoot } from '../../shared/mod.ts';
import { listShippedSweeps, sweepJsonSchema } from '../../shared/sweep/mod.ts';
import { block, code, page, prose, table } from './markdown.ts';
import { firstAt, type Key, keysOf, type Schema } from './sweep-keys.ts';

/** Every key of the sweep files of every experiment: types, defaults, and an example from a sweep file that runs. */
export function sweepFilesPage(): string {
  const schemas = (sweepJsonSchema() as Schema).oneOf ?? [];
  const shipped = shippedSweeps();
  const kinds = schemas.map((schema) => {
    const name = schema.properties?.experiment.const as ExperimentName;
    return { name, keys: keysOf(schema), files: filesOf(name, shipped) };
  });
  const everywhere = new Set(
    kinds[0].keys.map(text).filter((line) => kinds.every(({ keys }) => keys.some((key) => text(key) === line))),
  );
  const files = kinds.flatMap((kind) => kind.files);
  return page(
    'Keys of sweep files',
    'Each row is a key with its path, for `--set` too. [Sweep files](../sweeps.md) explains them. "A list" is a list of such values, and "a range"\n' +
      'is `{from, to, step}` or `{from, to, factor}`. Examples are from sweep files that edgesweep ships or that `edgesweep init` writes.',
    '## Keys of every sweep file',
    rows(
      kinds[0].keys.filter((key) => everywhere.has(text(key))),
      files,
    ),
    ...kinds.flatMap(({ name, keys, files: own }) => [
      `## experiment: ${name}`,
      `${sentence(experimentNamed(name).describe)}.`,
      rows(
        keys.filter((key) => !everywhere.has(text(key)) && key.path !== 'experiment'),
        own,
      ),
      `\`edgesweep init NAME --experiment ${name}\` writes this file:`,
      block('yaml', `name: NAME\n${STARTERS[name]}`),
    ]),
  );
}

const sentence = (words: string): string => prose(words.charAt(0).toUpperCase() + words.slice(1));

/** What makes two keys the same row. */
const text = (key: Key): string => JSON.stringify([key.path, ...facts(key)]);

const rows = (keys: readonly Key[], files: readonly unknown[]): string =>
  table(
    ['key', 'value', 'default', 'meaning', 'example'],
    keys.map((key) => [code(key.path), ...facts(key), exampleOf(key, files)]),
  );

const facts = ({ types, isRequired, default: value, descriptions }: Key): string[] => [
  [...types].join(' or ').replace(/[<|]/g, '\\$&'),
  isRequired ? 'required' : isEmpty(value) ? '' : code(inline(value)),
  [...descriptions].map(prose).join('; or ').replaceAll(';; ', '; '),
];

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** A value as YAML in one line. */
const inline = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .replace(/^\{ (.*) \}$/, '{$1}')
    .replace(/^\[ (.*) \]$/, '[$1]');

/** Letters that a row has room for. */
const LONGEST = 60;

function exampleOf({ path }: Key, files: readonly unknown[]): string {
  const found = files
    .map((file) => firstAt(file, path.split('.')))
    .filter((value) => !isEmpty(value))
    .map((value) => `${path.split('.').at(-1)}: ${inline(value)}`)
    .find((example) => example.length <= LONGEST);
  return found === undefined ? '' : code(found);
}

/** Sweep files of the experiment as values: what `init` writes, then the shipped ones. */
function filesOf(name: ExperimentName, shipped: readonly SweepText[]): unknown[] {
  return [{ name: 'my-sweep', ...parse(STARTERS[name]) }, ...shipped.filter(({ experiment }) => experiment === name)];
}

type SweepText = { experiment: string };

const shippedSweeps = (): SweepText[] =>
  listShippedSweeps().map((sweep) => parse(readFileSync(join(packageRoot(), 'sweeps', `${sweep}.yaml`), 'utf8')));
