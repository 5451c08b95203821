/** A JSON schema, as far as those of Kubernetes and Compose use it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
};
type Values = readonly unknown[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What these values need of a published schema, and nothing else: a key that none of them has is left out, and refused by the result.
 * @param definitions that `$ref` names by its last part
 * @throws where a value has a key that the schema does not
 */
export function reduceSchema(
  schema: Schema,
  values: Values,
  definitions: Readonly<Record<string, Schema>>,
  path = '',
): Schema {
  const whole = resolve(schema, definitions);
  const { type, oneOf, properties, patternProperties, required = [], items, additionalProperties } = whole;
  if (oneOf !== undefined) {
    const branches = oneOf.map((branch) => resolve(branch, definitions));
    return {
      oneOf: branches.map((branch) => reduceSchema(branch, values.filter(isOf(branch)), definitions, path)),
    };
  }
  if (items !== undefined)
    return { type: 'array', items: reduceSchema(items, values.flat(), definitions, `${path}[]`) };
  if (properties === undefined && isObject(additionalProperties)) {
    const inner = values.filter(isObject).flatMap((value) => Object.values(value));
    return {
      type: 'object',
      additionalProperties: reduceSchema(additionalProperties, inner, definitions, `${path}.*`),
    };
  }
  if (properties === undefined && patternProperties === undefined)
    return { ...(type && { type }), ...(whole.enum && { enum: whole.enum }) };
  const objects = values.filter(isObject);
  const valuesOf = (keys: readonly string[]) =>
    objects.flatMap((value) => keys.filter((key) => key in value).map((key) => value[key]));
  const keys = [...new Set(objects.flatMap(Object.keys))].sort();
  const named = keys.filter((key) => properties?.[key] !== undefined);
  const kept = named.map(
    (key) => [key, reduceSchema(properties![key], valuesOf([key]), definitions, `${path}.${key}`)] as const,
  );
  const missing = required.filter((key) => !keys.includes(key)).map((key) => [key, {}] as const);
  const others = keys.filter((key) => !named.includes(key));
  const patterns = Object.entries(patternProperties ?? {}).flatMap(([pattern, inner]) => {
    const matching = others.filter((key) => new RegExp(pattern).test(key));
    if (matching.length === 0) return [];
    return [[pattern, reduceSchema(inner, valuesOf(matching), definitions, `${path}.*`)] as const];
  });
  const unknown = others.find((key) => !patterns.some(([pattern]) => new RegExp(pattern).test(key)));
  if (unknown !== undefined) throw new Error(`the published schema has no ${path}.${unknown}`);
  return {
    type: type ?? 'object',
    ...((properties !== undefined || missing.length > 0) && { properties: Object.fromEntries([...kept, ...missing]) }),
    ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** Whether a value has the type of a branch. */
function isOf({ type }: Schema): (value: unknown) => boolean {
  const types = [type ?? []].flat();
  return (value) =>
    types.some((name) => {
      if (name === 'null') return value === null;
      if (name === 'array') return Array.isArray(value);
      if (name === 'object') return isObject(value);
      if (name === 'integer') return Number.isInteger(value);
      return typeof value === name;
    });
}

/** What `$ref` and `allOf` name, in one schema. */
function resolve(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  const { $ref, allOf = [], ...own } = schema;
  const named = $ref?.split('/').at(-1);
  if (named !== undefined && definitions[named] === undefined) throw new Error(`the published schema lacks ${named}`);
  const parts = [...(named === undefined ? [] : [definitions[named]]), ...allOf].map((part) =>
    resolve(part, definitions),
  );
  if (parts.length === 0) return own;
  const all = [...parts, own];
  const merged = <K extends 'properties' | 'patternProperties'>(key: K) =>
    all.some((part) => part[key]) && { [key]: Object.assign({}, ...all.map((part) => part[key])) };
  const required = all.flatMap((part) => part.required ?? []);
  return {
    ...Object.assign({}, ...all),
    ...merged('properties'),
    ...merged('patternProperties'),
    ...(required.length > 0 && { required }),
  };
}
