/**
 * Writes `dist/types/`, the declarations of the package: those that the compiler made of `orchestrator/api/` and of what it imports. Types
 * that come of schemas are written out, so that a user's compiler reads no library of ours, and an editor shows the keys of sweep files.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EXPERIMENTS, experimentNamed, provenanceSchema } from '../dist/shared/mod.js';
import { sweepJsonSchema } from '../dist/shared/sweep/mod.js';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const ENTRY = 'orchestrator/api/mod.d.ts';
const WRITTEN_OUT = 'orchestrator/api/outcomes.d.ts';

/** A JSON Schema of the kind that zod makes, as a type. */
function typeOf(schema, indent = '') {
  const any =
    schema.anyOf ?? schema.oneOf ?? (Array.isArray(schema.type) ? schema.type.map((type) => ({ type })) : undefined);
  if (any !== undefined) return [...new Set(any.map((one) => typeOf(one, indent)))].join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'integer') return 'number';
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map((item) => typeOf(item, indent)).join(', ')}]`;
  if (schema.type === 'array') return `Array<${typeOf(schema.items ?? {}, indent)}>`;
  if (schema.type === 'object') return objectOf(schema, indent);
  if (['number', 'string', 'boolean', 'null'].includes(schema.type)) return schema.type;
  // any value, or a form that has no short type
  return 'unknown';
}

function objectOf({ properties = {}, required = [], additionalProperties: other }, indent) {
  const lines = Object.entries(properties).flatMap(([key, value]) => {
    const name = /^\w+$/.test(key) ? key : JSON.stringify(key);
    const type = typeOf(value, `${indent}  `);
    const comment = value.description === undefined ? [] : [`/** ${value.description} */`];
    return [...comment, required.includes(key) ? `${name}: ${type};` : `${name}?: ${type} | undefined;`];
  });
  // beside other keys, the type of further ones would have to hold of all
  if (typeof other === 'object')
    lines.push(`[key: string]: ${lines.length === 0 ? typeOf(other, `${indent}  `) : 'unknown'};`);
  return `{\n${lines.map((line) => `${indent}  ${line}\n`).join('')}${indent}}`;
}

/** What values are after they were read: every default filled in. */
const output = (schema) => typeOf(z.toJSONSchema(schema), '  ');
const byName = (part) =>
  `{\n${EXPERIMENTS.map((name) => `  '${name}': ${output(experimentNamed(name)[part]())};\n`).join('')}}`;

const writtenOut = `
/** A point of the grid of each experiment, every default filled in. */
type Cells = ${byName('cell')};
/** The result of each experiment. */
type Results = ${byName('result')};
export type ExperimentName = keyof Results;
export type ResultOf<Name extends ExperimentName = ExperimentName> = Results[Name];
/** How a result came about; differs between executions. */
export type Provenance = ${typeOf(z.toJSONSchema(provenanceSchema()))};
/** One run of one cell. */
export type TaskOf<Name extends ExperimentName> = Name extends ExperimentName
  ? { id: string; experiment: Name; cell: Cells[Name]; run: number; seed: number; numerics: string }
  : never;
export type Task = TaskOf<ExperimentName>;
/** An outcome of the experiment of that name. */
export type OutcomeOf<Name extends ExperimentName> = Name extends ExperimentName
  ? { task: TaskOf<Name>; result: Results[Name]; provenance: Provenance }
  : never;
export type Outcome = OutcomeOf<ExperimentName>;
/** A sweep file as a value. */
export type SweepFile = ${typeOf(sweepJsonSchema())};
`.trimStart();

rmSync(join(dist, 'types'), { recursive: true, force: true });
const files = new Set([ENTRY]);
for (const file of files) {
  const text = file === WRITTEN_OUT ? writtenOut : readFileSync(join(dist, file), 'utf8');
  const linked = text.replace(/( from ')([^']+)\.ts(';)/g, (_, from, path, end) => {
    files.add(normalize(join(dirname(file), `${path}.d.ts`)));
    return `${from}${path}.js${end}`;
  });
  const [, stranger] =
    /^(?:(?:import|export) .*|\}) from '([^.'][^']*)'/m.exec(linked) ?? /import\("?'?([^.'"]+)/.exec(linked) ?? [];
  if (stranger !== undefined) throw new Error(`${file} imports ${stranger}, which users of the package need not have`);
  const written = join(dist, 'types', file);
  mkdirSync(dirname(written), { recursive: true });
  writeFileSync(written, linked);
}
