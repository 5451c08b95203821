import { z } from 'zod';
import { messageOf } from '../../../errors.ts';
import { type Json, LARGEST_PARAMETERS, PARAMETER_PREFIX, type ProgramCell } from '../../../experiments/program.ts';
import type { Parsed } from '../../../lazily.ts';
import { nearest } from '../../../nearest.ts';
import { expectation } from '../../issues.ts';
import { type Problem, show } from '../../problems.ts';
import type { programSweepSchema } from './schema.ts';

type Plan = Parsed<typeof programSweepSchema>;
type JsonSchema = Record<string, Json>;

/** The values that schemas give to parameters that the grid lacks. */
export function defaultsOf({ params = {}, search }: Pick<Plan, 'params' | 'search'>): Record<string, Json> {
  const given = Object.entries(params).filter(([name, schema]) => 'default' in schema && name !== search?.parameter);
  return Object.fromEntries(given.map(([name, schema]) => [name, schema.default as Json]));
}

/** What is wrong with parameters: of the search, against the schemas, or as a whole. */
export function parameterProblems(cells: readonly ProgramCell[], sweep: Plan): Problem[] {
  return [...searchProblems(sweep), ...schemaProblems(cells, sweep), ...sizeProblems(cells)];
}

function searchProblems({ search, grid }: Plan): Problem[] {
  if (search === undefined) return [];
  const { parameter, initial, ceiling } = search;
  const problems: Problem[] = [];
  if (Object.hasOwn(grid, PARAMETER_PREFIX + parameter)) {
    problems.push({
      path: ['grid', PARAMETER_PREFIX + parameter],
      message: `the grid has the parameter \`${parameter}\` that is searched`,
      expected: 'a value from the search only',
      got: `${PARAMETER_PREFIX}${parameter} in the grid`,
      fix: 'remove it from the grid, or remove `search`',
    });
  }
  if (initial > ceiling) {
    problems.push({
      path: ['search', 'initial'],
      message: 'the initial value is above the ceiling',
      expected: `at most the ceiling, ${ceiling}`,
      got: String(initial),
      fix: 'lower `search.initial` or raise `search.ceiling`',
    });
  }
  return problems;
}

function schemaProblems(cells: readonly ProgramCell[], { params, grid, search }: Plan): Problem[] {
  if (params === undefined) return [];
  const names = Object.keys(params);
  const written = Object.keys(grid).map((key) => key.slice(PARAMETER_PREFIX.length));
  const unknown = [...written, ...(search === undefined ? [] : [search.parameter])].filter(
    (name) => !names.includes(name),
  );
  const missing = names.filter(
    (name) => !written.includes(name) && name !== search?.parameter && !('default' in params[name]),
  );
  return [
    ...unknown.map((name) => unknownParameter(name, names, search?.parameter)),
    ...missing.map((name) => ({
      path: ['grid'],
      message: `the grid has no value for the parameter \`${name}\``,
      expected: `\`${PARAMETER_PREFIX}${name}\` in the grid, or a \`default\` in its schema`,
      got: 'neither',
      fix: `add \`${PARAMETER_PREFIX}${name}\``,
    })),
    ...names.flatMap((name) => valueProblems(name, params[name] as JsonSchema, cells, grid)),
  ];
}

function unknownParameter(name: string, names: readonly string[], searched: string | undefined): Problem {
  const meant = nearest(name, names);
  return {
    path: name === searched ? ['search', 'parameter'] : ['grid', PARAMETER_PREFIX + name],
    atKey: name !== searched,
    message: `\`params\` has no parameter \`${name}\``,
    expected: `one of ${names.join(', ')}`,
    got: name,
    fix: meant === undefined ? `add its schema: params: {${name}: {type: number}}` : `did you mean \`${meant}\`?`,
  };
}

/** One problem for each value that the schema refuses. */
function valueProblems(name: string, schema: JsonSchema, cells: readonly ProgramCell[], grid: Plan['grid']): Problem[] {
  let check: z.ZodType;
  try {
    check = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    return [
      {
        path: ['params', name],
        message: `the schema of \`${name}\` cannot be used`,
        expected: 'a JSON Schema, such as {type: number, minimum: 0}',
        got: messageOf(error),
        fix: 'correct it',
      },
    ];
  }
  const key = PARAMETER_PREFIX + name;
  const values = new Map<string, Json>();
  for (const { params } of cells) {
    if (Object.hasOwn(params, name)) values.set(JSON.stringify(params[name]), params[name]);
  }
  return [...values.values()].flatMap((value) => {
    const { error } = check.safeParse(value);
    if (error === undefined) return [];
    const list = grid[key];
    const index = Array.isArray(list) ? list.findIndex((item) => JSON.stringify(item) === JSON.stringify(value)) : -1;
    const inGrid = Object.hasOwn(grid, key);
    return [
      {
        path: inGrid ? ['grid', key, ...(index < 0 ? [] : [index])] : ['params', name, 'default'],
        message: `the schema of \`${name}\` refuses this value`,
        expected: expectation(error.issues[0]),
        got: typeof value === 'object' ? JSON.stringify(value) : show(value),
        fix: 'correct the value, or the schema in `params`',
      },
    ];
  });
}

function sizeProblems(cells: readonly ProgramCell[]): Problem[] {
  const sizeOf = ({ params }: ProgramCell) => Buffer.byteLength(JSON.stringify(params));
  const large = cells.find((cell) => sizeOf(cell) > LARGEST_PARAMETERS);
  if (large === undefined) return [];
  return [
    {
      path: ['grid'],
      message: 'the parameters of a task are too large',
      expected: `at most ${LARGEST_PARAMETERS} bytes as JSON`,
      got: `${sizeOf(large)} bytes`,
      fix: 'put data into files, and pass their names',
    },
  ];
}
