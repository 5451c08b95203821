import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';

export const PROGRAM_MODES = ['one-shot', 'persistent'] as const;
/** Timers of Node hold 2^31 - 1 milliseconds; a longer one would end at once. */
const seconds = () => z.number().positive().max(2e6);
const bytes = () =>
  z
    .int()
    .min(1)
    .max(2 ** 50);

/**
 * How a program is started and when it is stopped. No result depends on it, so it is no part of a task; a cluster's list of sweeps has
 * it for the nodes.
 */
export const programSettingsSchema = lazily(() =>
  z.object({
    mode: z.enum(PROGRAM_MODES),
    /** seconds for a trial */
    timeout: seconds(),
    /** seconds until a persistent program says hello */
    start: seconds(),
    /** does each task get a folder that survives a kill? */
    checkpoints: z.boolean(),
    /** bytes of resident memory of the program and its children above which it is killed */
    memory: bytes().optional(),
    /** when a persistent program is replaced by a new process, between two tasks */
    recycle: z
      .object({ tasks: z.int().min(1).max(1e9).optional(), minutes: seconds().optional(), memory: bytes().optional() })
      .optional(),
  }),
);
export type ProgramSettings = Parsed<typeof programSettingsSchema>;
