import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { defineExperiment, type GridValue } from './experiment.ts';
import { type Ladder, stepSizeAt } from './maximal-step-size.ts';

/** What a JSON text can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Names that a line of a program's answer has for itself. */
export const RESERVED_NAMES = ['id', 'ok', 'error', 'retry', 'diverged', 'step', 'protocol'] as const;

const NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const NAMING = 'at most 64 letters, digits, "_", "." and "-", the first a letter or "_"';

export const parameterName = lazily(() => z.string().regex(NAME, NAMING));
export const metricName = lazily(() =>
  z
    .string()
    .regex(NAME, NAMING)
    .refine(
      (name) => !(RESERVED_NAMES as readonly string[]).includes(name),
      `a name other than ${RESERVED_NAMES.join(', ')}`,
    ),
);
/** It stands in names of files, in `--allow NAME=COMMAND` and in messages. */
export const programName = lazily(() =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'at most 64 letters, digits, "_" and "-", the first a letter or digit'),
);

const sha256 = lazily(() => z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256: 64 digits from 0 to f'));

/** A file that belongs to a program: its path from the program's folder, with "/" on every system. */
export const programFileSchema = lazily(() => z.strictObject({ path: z.string().min(1).max(200), sha256: sha256() }));
export type ProgramFile = Parsed<typeof programFileSchema>;

/** Bytes of the parameters of a task as JSON, at most. */
export const LARGEST_PARAMETERS = 64 * 1024;
/** Numbers in a result, at most. */
export const MOST_METRICS = 500;

const json = lazily((): z.ZodType<Json> => z.json());

/** Algorithm 2 on one parameter: a trial for each value of the ladder initialStepSize * growth^k, until one diverges. */
const ladderSchema = lazily(() =>
  z.strictObject({
    parameter: parameterName(),
    initialStepSize: z.number().positive(),
    growth: z.number().gt(1),
    ceiling: z.number().positive(),
  }),
);

export const programCellSchema = lazily(() =>
  z.strictObject({
    program: z.strictObject({
      name: programName(),
      /** over paths and contents of all files, see `filesDigest` */
      files: sha256(),
      /** numbers that the program has to report, in alphabetical order */
      metrics: z.array(metricName()).max(MOST_METRICS),
      /** absent: one trial, whose numbers are the result */
      search: ladderSchema().optional(),
    }),
    /** in alphabetical order */
    params: z.record(parameterName(), json()),
  }),
);
export type ProgramCell = Parsed<typeof programCellSchema>;

export const programResultSchema = lazily(() =>
  z.strictObject({
    /** numbers that the program reported, in alphabetical order; of a search those of its last trial */
    values: z.record(metricName(), z.number()),
    /** null without a search */
    search: z
      .strictObject({
        /** of the parameter at `rung` */
        value: z.number(),
        /** first rung that diverged, or the last one under the ceiling */
        rung: z.int().nonnegative(),
        end: z.enum(['diverged', 'ceiling']),
      })
      .nullable(),
    /** digest and rows of what the program reported step by step; null when there were no such lines */
    series: z.strictObject({ digest: sha256(), rows: z.int().positive() }).nullable(),
  }),
);
export type ProgramResult = Parsed<typeof programResultSchema>;

export const PARAMETER_PREFIX = 'params.';

const shown = (value: Json): GridValue => (typeof value === 'object' ? JSON.stringify(value) : value);

const parameters = new WeakMap<ProgramCell, Readonly<Record<string, GridValue>>>();

/** The parameters by the keys that tables show; a list or a mapping as JSON. */
function parametersOf(cell: ProgramCell): Readonly<Record<string, GridValue>> {
  let found = parameters.get(cell);
  if (found === undefined) {
    found = Object.fromEntries(
      Object.entries(cell.params).map(([name, value]) => [PARAMETER_PREFIX + name, shown(value)]),
    );
    parameters.set(cell, found);
  }
  return found;
}

function problem({ program: { metrics, search } }: ProgramCell, result: ProgramResult): string | undefined {
  const missing = metrics.find((name) => !Object.hasOwn(result.values, name));
  if (missing !== undefined) return `no number for ${missing}`;
  if (search === undefined) return result.search === null ? undefined : 'a search, which the task is not';
  if (result.search === null) return 'no search, which the task is';
  return searchProblem(search, result.search);
}

function searchProblem(ladder: Ladder, { value, rung, end }: NonNullable<ProgramResult['search']>): string | undefined {
  const expected = stepSizeAt(ladder, rung);
  if (expected === undefined) return `rung ${rung}, above the ceiling ${ladder.ceiling}`;
  if (value !== expected) return `value ${value} at rung ${rung}, whose value is ${expected}`;
  if (end === 'ceiling' && stepSizeAt(ladder, rung + 1) !== undefined)
    return `the ceiling at rung ${rung}, which is not the last one`;
  return undefined;
}

export const program = defineExperiment({
  name: 'program',
  describe: 'a program of your own: one training, or a search over one of its parameters',
  settings: 'program',
  cell: programCellSchema,
  result: programResultSchema,
  keys: {},
  parameters: { prefix: PARAMETER_PREFIX, of: parametersOf },
  usual: {},
  byProgram: true,
  problem: ({ cell }, result) => problem(cell, result),
  series: ({ series }) => (series === null ? undefined : series),
  iterations: () => 0,
  // how long programs take is not known before
  cost: () => 1,
  shortened: (cell) => cell,
  spent: () => 1,
});
