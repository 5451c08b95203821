import { randomBytes } from 'node:crypto';
import { NUMERICS, type SearchOutcome, type SearchTask, taskId } from '../../shared/mod.ts';
import { encode, SUBJECTS } from '../../shared/protocol/mod.ts';
import { searchResult } from '../support/mod.ts';

export type Malformed = { subject: string; data: Uint8Array };

/**
 * Messages that are not what their subjects say: random bytes, broken JSON, other schemas, wrong ids, oversized ones, tasks of no
 * sweep, and outcomes of tasks that the sweep does not have.
 * @param key of a sweep that is on the server @param tasks of it
 * @param random uniform in (0, 1)
 */
export function* malformedMessages(
  key: string,
  tasks: readonly SearchTask[],
  count: number,
  random: () => number,
): Generator<Malformed> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const foreign = (task: SearchTask): SearchTask => {
    const { id: _, ...rest } = task;
    const changed = { ...rest, seed: task.seed + 1 + Math.floor(random() * 1e6) };
    return { id: taskId(changed), ...changed };
  };
  const outcomeOf = (task: SearchTask): SearchOutcome => ({
    task,
    result: searchResult(task.cell.search, 0),
    provenance: { engine: 'none', host: 'nowhere', seconds: 0, version: '0', node: 'v0', attempts: 1 },
  });
  // of the schema, and yet no result that its task can have
  const impossible = [{ stepSize: -7 }, { stepSize: 1e300 }, { rung: 7 }, { steps: 9_999_999 }, { end: 'ceiling' }];
  const subjects = [
    (id: string) => SUBJECTS.task(key, id),
    (id: string) => SUBJECTS.result(key, id),
    (id: string) => SUBJECTS.failed(key, id),
    () => SUBJECTS.heartbeat(`node${Math.floor(random() * 10)}`),
    () => SUBJECTS.wake,
    (id: string) => SUBJECTS.task('no-such-sweep', id),
    (id: string) => SUBJECTS.result('no-such-sweep', id),
    () => 'es.task.toofew',
    (id: string) => `es.task.${key}.other.${id}`,
  ];
  const bodies = [
    () => randomBytes(Math.floor(random() * 600)),
    () => new Uint8Array(),
    () => Buffer.from('{"id": "'),
    () => encode(null),
    () => encode([[], {}, 1]),
    () => encode({ ...pick(tasks), surprise: true }),
    () => encode({ ...pick(tasks), numerics: `${NUMERICS}-not` }),
    () => encode({ ...pick(tasks), run: -1 }),
    () => encode({ ...outcomeOf(pick(tasks)), result: 'none' }),
    ...impossible.map((parts) => () => {
      const outcome = outcomeOf(pick(tasks));
      return encode({ ...outcome, result: { ...outcome.result, ...parts } });
    }),
    () => encode({ error: 'text', attempts: 7 }),
    () => encode({ node: '../../etc', threads: -1, time: 'yesterday' }),
    // a little more than is parsed, and less than the server refuses
    () => Buffer.alloc(300_000, 'x'),
  ];
  for (let made = 0; made < count; made++) {
    const kind = random();
    if (kind < 0.7) {
      yield { subject: pick(subjects)(pick(tasks).id), data: pick(bodies)() };
      continue;
    }
    // well made, but of a task that is not of the sweep, or under another task's subject
    const task = foreign(pick(tasks));
    const id = kind < 0.85 ? task.id : pick(tasks).id;
    if (random() < 0.4) yield { subject: SUBJECTS.result(key, id), data: encode(outcomeOf(task)) };
    else if (random() < 0.5)
      yield {
        subject: SUBJECTS.failed(key, id),
        data: encode({ task, error: { code: 'OUTCOMES_DIFFER', message: 'so it says' }, attempts: [] }),
      };
    else yield { subject: SUBJECTS.task(key, id), data: encode(task) };
  }
}
