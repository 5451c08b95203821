import { z } from 'zod';
import { searchCellSchema, trajectoryCellSchema } from './cell.ts';

export const EXPERIMENTS = ['maximal-step-size', 'trajectory'] as const;
export type Experiment = (typeof EXPERIMENTS)[number];

/** `id` is the hash of the canonical JSON of the rest, see `taskId`. */
const searchTask = {
  id: z.string(),
  experiment: z.literal('maximal-step-size'),
  cell: searchCellSchema,
  run: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  numerics: z.string(),
};
export const searchTaskSchema = z.strictObject(searchTask);
export type SearchTask = z.infer<typeof searchTaskSchema>;

export const trajectoryTaskSchema = z.strictObject({
  ...searchTask,
  experiment: z.literal('trajectory'),
  cell: trajectoryCellSchema,
});
export type TrajectoryTask = z.infer<typeof trajectoryTaskSchema>;

export const taskSchema = z.discriminatedUnion('experiment', [searchTaskSchema, trajectoryTaskSchema]);
export type Task = SearchTask | TrajectoryTask;
