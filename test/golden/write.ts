/**
 * Writes outcomes.jsonl and images.jsonl anew, with the reference engine. Only for a new NUMERICS name, or for tasks added at the end: any other
 * difference in the files is an arithmetic that changed under the same name.
 *
 *     node --import tsx test/golden/write.ts
 */
import { writeFileSync } from 'node:fs';
import { DEBIAN_FOLDER, IMAGE_TASKS } from './image-tasks.ts';
import { IMAGES, lineOf, OUTCOMES } from './outcomes.ts';
import { TASKS } from './tasks.ts';

writeFileSync(OUTCOMES, TASKS.map((task) => `${lineOf(task, 'reference')}\n`).join(''));
writeFileSync(IMAGES, IMAGE_TASKS.map((task) => `${lineOf(task, 'reference', [DEBIAN_FOLDER])}\n`).join(''));
