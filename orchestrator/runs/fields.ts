import { z } from 'zod';
import type { GridValue } from '../../shared/mod.ts';

export type ValueType = 'integer' | 'number' | 'string' | 'boolean';
export type Value = GridValue | null;

/** The fields within a value, by their names with dots: lists are one field, absent ones none. */
export function flatten(value: object, prefix = ''): Map<string, Value> {
  const fields = new Map<string, Value>();
  for (const [key, part] of Object.entries(value)) {
    const name = `${prefix}${key}`;
    if (part === undefined) continue;
    if (Array.isArray(part)) fields.set(name, part.join(' '));
    else if (typeof part === 'object' && part !== null)
      for (const field of flatten(part, `${name}.`)) fields.set(...field);
    else fields.set(name, part);
  }
  return fields;
}

/** The part of JSON Schema that schemas of cells and results come to. */
type JsonSchema = {
  /** several where the value may be null */
  type?: string | string[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
};

const TYPES: readonly string[] = ['integer', 'number', 'string', 'boolean'] satisfies ValueType[];

/** The fields that values of a schema may have, each with its types, in the order of the schema. */
export function fieldsOf(schema: z.ZodType): Map<string, Set<ValueType>> {
  const fields = new Map<string, Set<ValueType>>();
  const walk = ({ type, properties = {}, anyOf = [], oneOf = [] }: JsonSchema, name: string): void => {
    for (const one of [...anyOf, ...oneOf]) walk(one, name);
    for (const [key, part] of Object.entries(properties)) walk(part, name === '' ? key : `${name}.${key}`);
    for (const one of [type ?? []].flat()) {
      // a list is one field, as text
      const known = one === 'array' ? 'string' : one;
      if (!TYPES.includes(known)) continue;
      const types = fields.get(name) ?? new Set();
      fields.set(name, types.add(known as ValueType));
    }
  };
  walk(z.toJSONSchema(schema) as JsonSchema, '');
  return fields;
}

/** The one type of a schema's field, else the narrowest that all values have. */
export function typeOf(types: ReadonlySet<ValueType> | undefined, values: Iterable<Value>): ValueType {
  if (types?.size === 1) return [...types][0];
  const kinds = new Set<ValueType>();
  for (const value of values) {
    if (typeof value === 'string') kinds.add('string');
    else if (typeof value === 'boolean') kinds.add('boolean');
    else if (value !== null) kinds.add(Number.isInteger(value) ? 'integer' : 'number');
  }
  const [kind = 'string', ...more] = kinds;
  if (more.length === 0) return kind;
  return kinds.has('string') || kinds.has('boolean') ? 'string' : 'number';
}
