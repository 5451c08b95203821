/**
 * Writes outcomes.jsonl anew, with the reference engine. Only for a new NUMERICS name, or for tasks added at the end: any other
 * difference in the file is an arithmetic that changed under the same name.
 *
 *     node --import tsx test/golden/write.ts
 */
import { writeFileSync } from 'node:fs';
import { lineOf, OUTCOMES } from './outcomes.ts';
import { TASKS } from './tasks.ts';

writeFileSync(OUTCOMES, TASKS.map((task) => `${lineOf(task, 'reference')}\n`).join(''));
