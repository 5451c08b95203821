/** A JSON schema, as far as those of Kubernetes use it. */
export type Schema = {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
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
  const { type, oneOf, properties, required = [], items, additionalProperties } = whole;
  if (oneOf !== undefined) return { oneOf: oneOf.map(({ type }) => ({ type: type! })) };
  if (items !== undefined)
    return { type: 'array', items: reduceSchema(items, values.flat(), definitions, `${path}[]`) };
  if (properties === undefined && isObject(additionalProperties)) {
    const inner = values.filter(isObject).flatMap((value) => Object.values(value));
    return {
      type: 'object',
      additionalProperties: reduceSchema(additionalProperties, inner, definitions, `${path}.*`),
    };
  }
  if (properties === undefined) return { ...(type && { type }), ...(whole.enum && { enum: whole.enum }) };
  const objects = values.filter(isObject);
  const keys = [...new Set(objects.flatMap(Object.keys))].sort();
  const kept = keys.map((key) => {
    if (properties[key] === undefined) throw new Error(`the published schema has no ${path}.${key}`);
    const inner = objects.filter((value) => key in value).map((value) => value[key]);
    return [key, reduceSchema(properties[key], inner, definitions, `${path}.${key}`)] as const;
  });
  const missing = required.filter((key) => !keys.includes(key)).map((key) => [key, {}] as const);
  return {
    type: 'object',
    properties: Object.fromEntries([...kept, ...missing]),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function resolve({ $ref, allOf, ...rest }: Schema, definitions: Readonly<Record<string, Schema>>): Schema {
  const [only] = allOf ?? [];
  const target = $ref ?? only?.$ref;
  if (target === undefined) return rest;
  const name = target.split('/').at(-1)!;
  const found = definitions[name];
  if (found === undefined) throw new Error(`the published schema lacks ${name}`);
  return resolve(found, definitions);
}
