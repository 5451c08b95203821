import { z } from 'zod';
import { oneLine } from '../../shared/mod.ts';

/** What a run can be asked for. */
export const RUN_ACTIONS = ['pause', 'resume', 'drain'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** Longest request and answer, in characters. */
export const LONGEST = 2000;

export const requestSchema = z.strictObject({
  /** `status` changes nothing */
  action: z.enum(['status', ...RUN_ACTIONS]),
  /** who asks, for the line that the run prints */
  by: z.string().max(200).transform(oneLine),
});
export type RunRequest = z.infer<typeof requestSchema>;

const count = z.int().nonnegative();
/** A run under way, as it describes itself. */
export const standingSchema = z.strictObject({
  /** `draining`: it starts no further task and ends */
  state: z.enum(['running', 'paused', 'draining']),
  /** false: nodes of a server take the tasks, and pause there */
  canPause: z.boolean(),
  done: count,
  /** tasks that its threads compute now; 0 where nodes compute them */
  running: count,
  pending: count,
  failed: count,
  total: count,
});
export type RunStanding = z.infer<typeof standingSchema>;

export const answerSchema = z.strictObject({
  /** what was done, for people */
  message: z.string().max(500).transform(oneLine),
  before: standingSchema,
  after: standingSchema,
});
export type RunAnswer = z.infer<typeof answerSchema>;
