import { CELL_KEYS, type Cell, EdgesweepError, experimentOf, fullKey, nearest } from '../../shared/mod.ts';
import { fieldsOf, flatten, typeOf, type Value, type ValueType } from './fields.ts';
import type { Run, SweepRuns } from './read.ts';

/** What is known of each run under one name. */
export type Column = { name: string; type: ValueType; read(run: Run): Value };

/**
 * A column for each key and setting of the cells, for each field of the results, and for how these came about. Those of the results are
 * there without any result too.
 */
export function columnsOf({ sweep, cells, runs }: Pick<SweepRuns, 'sweep' | 'cells' | 'runs'>): Column[] {
  const ofCells = cellColumns(sweep, cells);
  const taken = new Set([...TASK_COLUMNS, ...ofCells].map(({ name }) => name));
  return [...TASK_COLUMNS, ...ofCells, ...resultColumns(sweep, runs, taken), ...PROVENANCE_COLUMNS];
}

const TASK_COLUMNS: readonly Column[] = [
  { name: 'task', type: 'string', read: ({ task }) => task.id },
  { name: 'cell', type: 'integer', read: ({ index }) => index },
  { name: 'run', type: 'integer', read: ({ task }) => task.run },
  { name: 'seed', type: 'integer', read: ({ task }) => task.seed },
];

const PROVENANCE_COLUMNS: readonly Column[] = [
  { name: 'seconds', type: 'number', read: ({ outcome }) => outcome?.provenance.seconds ?? null },
  { name: 'engine', type: 'string', read: ({ outcome }) => outcome?.provenance.engine ?? null },
  { name: 'node', type: 'string', read: ({ outcome, failure }) => outcome?.provenance.host ?? failure?.node ?? null },
  { name: 'attempts', type: 'integer', read: ({ outcome }) => outcome?.provenance.attempts ?? null },
  { name: 'numerics', type: 'string', read: ({ task }) => task.numerics },
  { name: 'version', type: 'string', read: ({ outcome }) => outcome?.provenance.version ?? null },
  { name: 'runtime', type: 'string', read: ({ outcome }) => outcome?.provenance.node ?? null },
  { name: 'signedBy', type: 'string', read: ({ outcome }) => outcome?.provenance.signed?.node ?? null },
  { name: 'key', type: 'string', read: ({ outcome }) => outcome?.provenance.signed?.key ?? null },
  { name: 'signature', type: 'string', read: ({ outcome }) => outcome?.provenance.signed?.signature ?? null },
];

/** What becomes of a run: for lists of tasks, which have those without an outcome too. */
export const STATE_COLUMNS: readonly Column[] = [
  { name: 'state', type: 'string', read: ({ state }) => state },
  { name: 'error', type: 'string', read: ({ failure }) => failure?.error ?? null },
];

/** The keys as tables show them, then the settings that are no keys. */
function cellColumns(sweep: SweepRuns['sweep'], cells: readonly Cell[]): Column[] {
  const experiment = experimentOf(sweep);
  const types = fieldsOf(experiment.cell());
  const valuesOf = (cell: Cell) => {
    const keys = [
      ...Object.entries(experiment.keys).map(([key, read]) => [key, read(cell) ?? null] as const),
      ...Object.entries(experiment.parameters?.of(cell) ?? {}),
    ];
    return new Map<string, Value>([...flatten(cell), ...keys.filter(([, value]) => value !== null)]);
  };
  const values = new Map(cells.map((cell) => [cell, valuesOf(cell)]));
  const found = new Set([...values.values()].flatMap((ofCell) => [...ofCell.keys()]));
  const keys = Object.keys(experiment.keys).filter((key) => found.has(key));
  return [...new Set([...keys, ...found])].map((name) => {
    const ofCells = cells.map((cell) => values.get(cell)?.get(name) ?? null);
    const type = typeOf(types.get(name), ofCells);
    const typed = ofCells.map((value) => (type === 'string' && value !== null ? String(value) : value));
    return { name, type, read: ({ index }) => typed[index] };
  });
}

function resultColumns(sweep: SweepRuns['sweep'], runs: SweepRuns['runs'], taken: ReadonlySet<string>): Column[] {
  const fields = new WeakMap<object, Map<string, Value>>();
  const valuesOf = (result: object) => {
    const known = fields.get(result) ?? flatten(result);
    fields.set(result, known);
    return known;
  };
  const experiment = experimentOf(sweep);
  const fieldsOfSchema = fieldsOf(experiment.result());
  // what a program reports is known from its results only
  const reported = experiment.byProgram
    ? runs.flatMap(({ outcome }) =>
        outcome === undefined ? [] : [...valuesOf(outcome.result).keys()].filter((name) => name.startsWith('values.')),
      )
    : [];
  return [...new Set([...fieldsOfSchema.keys(), ...reported])].map((field) => ({
    name: taken.has(field) ? `result.${field}` : field,
    type: fieldsOfSchema.has(field) ? typeOf(fieldsOfSchema.get(field), []) : ('number' as const),
    read: ({ outcome }) => (outcome === undefined ? null : (valuesOf(outcome.result).get(field) ?? null)),
  }));
}

/**
 * The column that is meant by a name, such as `activation`, `dataset.examples` or, in short, `examples`.
 * @throws EdgesweepError USAGE where there is none
 */
export function columnNamed(columns: readonly Column[], name: string, where: string): Column {
  const found =
    columns.find((column) => column.name === name) ?? columns.find((column) => column.name === fullKey(name));
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const meant = nearest(name, [...names, ...CELL_KEYS]);
  throw new EdgesweepError('USAGE', `there is no column \`${name}\``, {
    where,
    expected: `one of ${names.join(', ')}`,
    got: name,
    fix: meant === undefined ? 'use one of these names' : `did you mean \`${meant}\`?`,
  });
}
