/**
 * Writes outcomes.jsonl and images.jsonl anew, with the reference engine. Only for a new NUMERICS name, or for tasks added at the end: any other
 * difference in the files is an arithmetic that changed under the same name.
 *
 *     node --import tsx test/golden/write.ts
 */
import { writeFileSync } from 'node:fs';
import type { Task } from '../../shared/mod.ts';
import { DEBIAN_FOLDER, IMAGE_TASKS } from './image-tasks.ts';
import { IMAGES, lineOf, OUTCOMES } from './outcomes.ts';
import { TASKS } from './tasks.ts';

const written = async (tasks: readonly Task[], folders?: readonly string[]) =>
  (await Promise.all(tasks.map((task) => lineOf(task, 'reference', folders)))).map((line) => `${line}\n`).join('');
writeFileSync(OUTCOMES, await written(TASKS));
writeFileSync(IMAGES, await written(IMAGE_TASKS, [DEBIAN_FOLDER]));
