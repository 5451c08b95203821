/**
 * Writes outcomes.jsonl, images.jsonl, extras.jsonl, trajectories.jsonl and graphs.jsonl anew, with the reference engine. Only for a new name of the arithmetic, or for tasks added at the end: any other
 * difference in the files is an arithmetic that changed under the same name.
 *
 *     node --import tsx test/golden/write.ts
 */
import { writeFileSync } from 'node:fs';
import type { Task } from '../../shared/mod.ts';
import { engineOf } from '../../worker/engines/mod.ts';
import { EXTRA_TASKS } from './extra-tasks.ts';
import { GRAPH_TASKS } from './graph-tasks.ts';
import { DEBIAN_FOLDER, IMAGE_TASKS } from './image-tasks.ts';
import { EXTRAS, GRAPHS, IMAGES, lineOf, OUTCOMES, TRAJECTORIES } from './outcomes.ts';
import { TASKS } from './tasks.ts';
import { TRAJECTORY_TASKS } from './trajectory-tasks.ts';

const written = async (tasks: readonly Task[], folders?: readonly string[]) =>
  (await Promise.all(tasks.map((task) => lineOf(task, engineOf('reference'), folders))))
    .map((line) => `${line}\n`)
    .join('');
writeFileSync(OUTCOMES, await written(TASKS));
writeFileSync(IMAGES, await written(IMAGE_TASKS, [DEBIAN_FOLDER]));
writeFileSync(EXTRAS, await written(EXTRA_TASKS, [DEBIAN_FOLDER]));
writeFileSync(TRAJECTORIES, await written(TRAJECTORY_TASKS, [DEBIAN_FOLDER]));
writeFileSync(GRAPHS, await written(GRAPH_TASKS));
