/** The keys that a JSON Schema of sweep files describes. */

export type Schema = {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  default?: unknown;
  description?: string;
};

export type Key = {
  /** with dots, such as `search.growth` */
  path: string;
  types: Set<string>;
  isRequired: boolean;
  default: unknown;
  descriptions: Set<string>;
};

/** Every key of the schema, the keys within mappings after the mapping. One that several kinds of a value have is there once. */
export function keysOf(schema: Schema): Key[] {
  const keys = new Map<string, Key>();
  visitMapping(schema, '', keys);
  return [...keys.values()];
}

function visitMapping({ properties = {}, required = [] }: Schema, prefix: string, keys: Map<string, Key>): void {
  for (const [name, part] of Object.entries(properties)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const key = keys.get(path) ?? emptyKey(path, required.includes(name));
    keys.set(path, key);
    key.types.add(typeOf(part));
    key.default ??= part.default;
    const description = part.description ?? branches(part).find((branch) => branch.description)?.description;
    if (description !== undefined) key.descriptions.add(description);
    for (const mapping of mappingsIn(part)) visitMapping(mapping, path, keys);
  }
}

const emptyKey = (path: string, isRequired: boolean): Key => ({
  path,
  types: new Set(),
  isRequired,
  default: undefined,
  descriptions: new Set(),
});

const branches = ({ anyOf = [], oneOf = [] }: Schema): Schema[] => [...anyOf, ...oneOf];

/** A range of numbers, which every key for numbers takes. */
const isRange = (schema: Schema): boolean =>
  'from' in (schema.properties ?? {}) || (branches(schema).length > 0 && branches(schema).every(isRange));

/** The mappings that a value may be or may be a list of, but for ranges. */
function mappingsIn(schema: Schema): Schema[] {
  if (isRange(schema)) return [];
  if (schema.properties !== undefined) return [schema];
  return [...branches(schema), ...(schema.items === undefined ? [] : [schema.items])].flatMap(mappingsIn);
}

function typeOf(schema: Schema): string {
  const parts = branches(schema);
  if (parts.length > 0) return typeOfUnion(parts);
  if (schema.const !== undefined) return shown(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(shown).join(', ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object') return 'mapping';
  if (schema.type === 'integer' || schema.type === 'number') return numberType(schema);
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type === 'string' ? 'text' : 'any value';
}

const shown = (value: unknown): string => `\`${String(value)}\``;

/** One value, then what else is possible: the same as a list, a range. */
function typeOfUnion(parts: readonly Schema[]): string {
  const single = parts.filter((part) => !isRange(part) && part.type !== 'array');
  const lists = parts.filter(({ type }) => type === 'array');
  const types = [...new Set(single.map(typeOf))];
  const base = types.join(' or ');
  const others = [...new Set(lists.map(({ items = {} }) => typeOf(items)))].filter((type) => type !== base);
  return [
    ...(types.length > 0 ? [base] : []),
    ...(types.length > 0 && others.length < lists.length ? ['a list'] : []),
    ...others.map((type) => `list of ${type}`),
    ...(parts.some(isRange) ? ['a range'] : []),
  ].join('; ');
}

/** JSON Schema's integers have the bounds of exact floating-point numbers, which say nothing. */
const EXACT = Number.MAX_SAFE_INTEGER;

function numberType({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Schema): string {
  const bounds = [
    ...(minimum !== undefined && minimum > -EXACT ? [`at least ${minimum}`] : []),
    ...(exclusiveMinimum !== undefined ? [`above ${exclusiveMinimum}`] : []),
    ...(maximum !== undefined && maximum < EXACT ? [`at most ${maximum}`] : []),
    ...(exclusiveMaximum !== undefined ? [`below ${exclusiveMaximum}`] : []),
  ];
  return [type === 'integer' ? 'whole number' : 'number', ...bounds].join(', ').replace(', ', ' ');
}

/** The first value at the path in a sweep file; lists of mappings are looked through. */
export function firstAt(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value) && path.length > 0) {
    return value.map((item) => firstAt(item, path)).find((found) => found !== undefined);
  }
  if (path.length === 0) return value;
  // keys of a grid may have dots in them
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, path[0])) return undefined;
  return firstAt((value as Record<string, unknown>)[path[0]], path.slice(1));
}
