import { z } from 'zod';
import { type CellOf, EXPERIMENTS, type ExperimentName, experimentNamed } from './experiments/mod.ts';
import { lazily } from './lazily.ts';

/** A task of the experiment of that name; of any experiment without one. */
export type TaskOf<Name extends ExperimentName> = Name extends ExperimentName
  ? {
      /** the hash of the canonical JSON of the rest, see `taskId` */
      id: string;
      experiment: Name;
      cell: CellOf<Name>;
      run: number;
      seed: number;
      numerics: string;
    }
  : never;
export type Task = TaskOf<ExperimentName>;
export type SearchTask = TaskOf<'maximal-step-size'>;
export type TrajectoryTask = TaskOf<'trajectory'>;

/** The schema of a task of one experiment. @param cell instead of the experiment's own, for text whose cell is known */
export function taskSchemaOf(name: ExperimentName, cell: z.ZodType = experimentNamed(name).cell()) {
  return z.strictObject({
    id: z.string(),
    experiment: z.literal(name),
    cell,
    run: z.int().nonnegative(),
    seed: z.int().nonnegative(),
    numerics: z.string(),
  });
}

export const taskSchema = lazily(() => {
  const [first, ...others] = EXPERIMENTS.map((name) => taskSchemaOf(name));
  return z.discriminatedUnion('experiment', [first, ...others]) as unknown as z.ZodType<Task>;
});
