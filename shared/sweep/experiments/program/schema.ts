import { z } from 'zod';
import {
  program as experiment,
  metricName,
  PARAMETER_PREFIX,
  parameterName,
  programFileSchema,
  programName,
} from '../../../experiments/program.ts';
import { lazily } from '../../../lazily.ts';
import { MOST_FILES } from '../../../programs/files.ts';
import { PROGRAM_MODES, programSettingsSchema } from '../../../programs/settings.ts';
import { commonKeys, excludeKey, GRID, heading } from '../../common-schema.ts';
import { mapping, numbers } from '../../shapes.ts';

/** Statistics over the runs of a cell that its table can show. */
export const PROGRAM_STATISTICS = ['n', 'mean', 'sd', 'ci95', 'se', 'min', 'median', 'max'] as const;

const scalar = lazily(() => z.union([z.number(), z.string(), z.boolean()]));
/** In a list a value may be a list or a mapping itself. */
const parameterValues = () => z.union([scalar(), numbers(z.number()), z.array(z.json()).min(1)]);

const parameterKey = lazily(() =>
  z
    .string()
    .refine(
      (key) =>
        key.startsWith(PARAMETER_PREFIX) && parameterName().safeParse(key.slice(PARAMETER_PREFIX.length)).success,
      `keys \`${PARAMETER_PREFIX}NAME\`, with a name of letters, digits, "_", "." and "-"`,
    ),
);

/** `2 GB`, `512 MiB`, or a number of bytes. */
const UNITS = {
  '': 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;
const bytes = () =>
  z
    .union([z.int().min(1), z.string().regex(/^\d+(\.\d+)? ?(kB|[KMGT]i?B|B)?$/, 'bytes, such as 512 MB or 2 GiB')])
    .transform((written) => {
      const [, amount, unit] = /^([\d.]+) ?(.*)$/.exec(String(written))!;
      return Math.round(Number(amount) * UNITS[unit as keyof typeof UNITS]);
    })
    .pipe(programSettingsSchema().shape.memory.unwrap());

const program = () => {
  const { timeout, start, recycle } = programSettingsSchema().shape;
  const { tasks, minutes } = recycle.unwrap().shape;
  return mapping({
    name: programName().describe('what worker nodes know it by: `worker --allow NAME=COMMAND`'),
    command: z
      .union([z.string().min(1), z.array(z.string()).min(1)])
      .describe('started for a local run, without a shell; nodes use their own'),
    directory: z.string().min(1).optional().describe('folder of the files; default: that of the sweep file'),
    files: z
      .array(z.union([z.string().min(1), mapping(programFileSchema().shape)]))
      .max(MOST_FILES)
      .optional()
      .describe('files that results depend on; `*` and `**` match several; default: those that the command names'),
    mode: z
      .enum(PROGRAM_MODES)
      .default('one-shot')
      .describe('one-shot: a process for each trial; persistent: one for many'),
    timeout: timeout.default(86_400).describe('seconds for a trial'),
    start: start.default(60).describe('seconds until a persistent program says hello'),
    memory: bytes().optional().describe('resident memory above which it is killed, such as 8 GB'),
    recycle: mapping({ tasks: tasks, minutes, memory: bytes().optional() })
      .optional()
      .describe('start a new process after so many tasks or minutes, or above so much memory'),
    checkpoints: z.boolean().default(false).describe('give each task a folder of its own that survives a kill'),
    metrics: z
      .record(metricName(), z.enum(['min', 'max']))
      .default({})
      .describe('numbers that every trial has to report, and which way is better'),
  });
};

const search = () =>
  mapping({
    parameter: parameterName().describe('the parameter that is searched'),
    initial: z.number().positive().describe('its value at rung 0'),
    growth: z.number().gt(1).describe('ratio of the values of consecutive rungs'),
    ceiling: z.number().positive().describe('the search stops above this value'),
  });

export const programSweepSchema = lazily(() => {
  const key = z.string().min(1);
  return mapping({
    ...heading(),
    experiment: z.literal(experiment.name).describe(experiment.describe),
    seed: commonKeys.seed(),
    runs: commonKeys.runs().unwrap().default(1).describe('repetitions of each cell, each with its own random numbers'),
    program: program().describe('the program, and how it is started'),
    params: z
      .record(parameterName(), z.record(z.string(), z.json()))
      .optional()
      .describe('a JSON Schema for each parameter; its `default` is used where the grid has no value'),
    grid: z.record(parameterKey(), parameterValues()).describe(GRID),
    search: search().optional().describe('the largest value of a parameter that does not diverge, by Algorithm 2'),
    exclude: excludeKey(() => z.record(parameterKey(), z.union([scalar(), z.array(scalar()).min(1)]))),
    zip: z.array(z.array(key).min(2)).default([]).describe('groups of keys that advance together'),
    table: mapping({
      rows: z.array(key).optional().describe('row keys; default: keys with more than one value'),
      values: z.array(key).min(1).optional().describe('numbers to show; default: all metrics'),
      statistics: z
        .array(z.enum(PROGRAM_STATISTICS))
        .min(1)
        .optional()
        .describe('statistics over the runs of each cell'),
    }).prefault({}),
    figure: mapping({
      x: key.optional().describe('key along x; default: the first with several numbers'),
      value: key.optional().describe('number along y; default: the first metric'),
      color: key.optional().describe('key of the lines; default: the remaining keys together'),
      facet: key.optional().describe('key of the panels'),
      panels: z
        .array(metricName())
        .min(1)
        .optional()
        .describe('numbers that the program reports step by step, one panel each, against the step'),
      logX: z.boolean().optional(),
      logY: z.boolean().optional(),
    })
      .prefault({})
      .describe('layout of `edgesweep plot`'),
  });
});
