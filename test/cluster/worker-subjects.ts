import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUCKETS, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';
import { DEPLOY } from './deployed.ts';

/** Headers by which a server, or a client of buckets, would do more than store the message. */
export const DANGEROUS: [string, string][] = [
  ['Nats-Rollup', 'all'],
  ['Nats-Rollup', 'sub'],
  ['KV-Operation', 'PURGE'],
  ['KV-Operation', 'DEL'],
  ['Nats-Msg-Id', 'known'],
  ['Nats-TTL', '1s'],
  ['Nats-Expected-Stream', STREAMS.results],
  ['Nats-Expected-Last-Sequence', '1'],
  ['Nats-Expected-Last-Subject-Sequence', '0'],
];
/** What a worker may publish to, by permissions.conf: those that a stream stores. */
export function publishable(): string[] {
  const text = readFileSync(join(DEPLOY, 'permissions.conf'), 'utf8');
  const allowed = /user: "worker"[\s\S]*?publish: \{ allow: \[([\s\S]*?)\]/.exec(text)?.[1] ?? '';
  return [...allowed.matchAll(/"([^"]+)"/g)]
    .map((match) => match[1])
    .filter((subject) => !/^\$JS|heartbeat/.test(subject));
}

/** A subject of a sweep that falls under the pattern of permissions.conf. */
export function subjectUnder(pattern: string, sweep: string, task: string): string {
  if (pattern.startsWith('es.result')) return SUBJECTS.result(sweep, task);
  if (pattern.startsWith('es.failed')) return SUBJECTS.failed(sweep, task);
  if (pattern.startsWith('es.series')) return SUBJECTS.series(sweep, task, 'sha', 0);
  if (pattern.startsWith('es.checkpoint')) return SUBJECTS.checkpoint(sweep, task, 'a', 0);
  if (pattern.startsWith('$KV.edgesweep-attempts')) return `$KV.${BUCKETS.attempts}.${sweep}.${task}`;
  throw new Error(`no subject is known under ${pattern}: add one`);
}
