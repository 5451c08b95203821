import { randomBytes } from 'node:crypto';
import { makeNodeKey, nodeKeyOf, type Outcome, type SearchTask, signOutcome, type Task } from '../../shared/mod.ts';
import { encode, SUBJECTS } from '../../shared/protocol/mod.ts';
import { searchResult } from '../support/results.ts';

export type Message = { subject: string; data: Uint8Array };

/** What an attacker knows: the tasks of the sweep and of another one, with the results of all. */
export type Known = { key: string; tasks: SearchTask[]; foreign: SearchTask[]; truth: ReadonlyMap<string, object> };

/** Messages against the i-th task. */
export type Forgery = (known: Known, i: number) => Message[];

const CLAIM = { code: 'OUTCOMES_DIFFER', message: 'this node and another computed different results' };

function outcomeOf(task: Task, result: object, host = 'attacker'): Outcome {
  const provenance = { engine: 'simd', host, seconds: 1, version: '0', node: 'v0', attempts: 1 };
  return { task, result, provenance } as Outcome;
}

const result = ({ key }: Known, task: Task, data: Uint8Array): Message => ({
  subject: SUBJECTS.result(key, task.id),
  data,
});

/** One that the task could have, and has not. */
export function plausible({ truth }: Known, task: SearchTask) {
  const { rung } = truth.get(task.id) as { rung: number };
  return searchResult(task.cell.search, rung === 0 ? 1 : 0);
}

const IMPOSSIBLE: object[] = [
  { stepSize: -7 },
  { stepSize: 1e300 },
  { rung: 7 },
  { trials: 0 },
  { steps: 9_999_999 },
  { end: 'ceiling' },
  { divergence: null },
  { divergence: { iteration: 9999, kind: 'infinity' } },
];

/** The text of a result, written so that a careless reader sees another one. */
const AMBIGUOUS: ((text: string) => string)[] = [
  (text) => text.replace('"result":{', '"result":{"stepSize":1,'),
  (text) => text.replace(/"stepSize":[^,]+/, '$&,"stepSize":2'),
  (text) => text.replace(/"stepSize":([^,]+)/, '"stepSize":"$1"'),
  (text) => text.replace('"result":{', '"result":{"__proto__":{"stepSize":1},'),
  (text) => `${text}${text}`,
  (text) => `\ufeff${text}`,
];

const RUBBISH: (() => Uint8Array)[] = [
  () => randomBytes(300),
  () => new Uint8Array(),
  () => Buffer.from('{"task":'),
  () => Buffer.from('['.repeat(20_000)),
  () => Buffer.alloc(200_000, 'x'),
  () => Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
];

const known = nodeKeyOf(makeNodeKey());

/** By name: what is said of each task. All but the last are refused whoever sends them. */
export const FORGERIES: Record<string, Forgery> = {
  rubbish: (all, i) => [result(all, all.tasks[i], RUBBISH[i % RUBBISH.length]())],
  'impossible result': (all, i) => {
    const task = all.tasks[i];
    const forged = { ...all.truth.get(task.id), ...IMPOSSIBLE[i % IMPOSSIBLE.length] };
    return [result(all, task, encode(outcomeOf(task, forged)))];
  },
  'ambiguous text': (all, i) => {
    const task = all.tasks[i];
    const text = JSON.stringify(outcomeOf(task, all.truth.get(task.id) ?? {}));
    return [result(all, task, Buffer.from(AMBIGUOUS[i % AMBIGUOUS.length](text)))];
  },
  'result of another task': (all, i) => {
    const other = all.tasks[(i + 1) % all.tasks.length];
    return [result(all, all.tasks[i], encode(outcomeOf(other, all.truth.get(other.id) ?? {})))];
  },
  'result of another sweep': (all, i) => {
    const foreign = all.foreign[i];
    const data = encode(outcomeOf(foreign, all.truth.get(foreign.id) ?? {}));
    return [result(all, foreign, data), result(all, all.tasks[i], data)];
  },
  'false claim that nodes disagree': (all, i) => {
    const task = all.tasks[i];
    return [
      result(all, task, encode(outcomeOf(task, all.truth.get(task.id) ?? {}))),
      { subject: SUBJECTS.failed(all.key, task.id), data: encode({ task, error: CLAIM, attempts: [] }) },
    ];
  },
  'false result, and the claim against it': (all, i) => {
    const task = all.tasks[i];
    return [
      result(all, task, encode(outcomeOf(task, plausible(all, task)))),
      { subject: SUBJECTS.failed(all.key, task.id), data: encode({ task, error: CLAIM, attempts: [] }) },
    ];
  },
  'failure of another task, or of none': (all, i) => {
    const subject = SUBJECTS.failed(all.key, all.tasks[i].id);
    const task = i % 2 === 0 ? all.foreign[i] : undefined;
    return [{ subject, data: encode({ task, error: { code: 'TASK_FAILED', message: 'x' }, attempts: [] }) }];
  },
  'a hundred forged attempts': (all, i) => {
    const error = { code: 'TASK_FAILED', message: '\u001b]0;owned\u0007' };
    const attempts = Array.from({ length: 100 }, () => ({ node: 'n', error, time: 'never' }));
    return [{ subject: `$KV.edgesweep-attempts.${all.key}.${all.tasks[i].id}`, data: encode(attempts) }];
  },
};

/** Plausible results, which only a list of trusted keys keeps out: without a signature, by a key of nobody, and of another sweep. */
export const UNSIGNED: Forgery = (all, i) => {
  const task = all.tasks[i];
  const forged = outcomeOf(task, plausible(all, task));
  const signed = signOutcome(forged, { sweep: i % 2 === 0 ? all.key : 'another', node: 'attacker' }, known);
  return [result(all, task, encode(i % 3 === 0 ? forged : signed))];
};
