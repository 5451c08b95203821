import type { NatsConnection } from '@nats-io/transport-node';
import { expect } from 'vitest';
import type { Cluster } from '../../shared/protocol/mod.ts';

/** Which of these publications the server refuses. */
export async function refused({ nc }: Cluster, subjects: string[]): Promise<string[]> {
  const seen = new Set<string>();
  void (async () => {
    for await (const status of nc.status())
      if (status.type === 'error') seen.add(/to "([^"]+)"/.exec(status.error.message)?.[1] ?? '');
  })();
  for (const subject of subjects) nc.publish(subject, '{}');
  await nc.flush();
  await expect
    .poll(() => seen.size, { timeout: 1000 })
    .toBe(subjects.length)
    .catch(() => {});
  return subjects.filter((subject) => seen.has(subject));
}

/** Why the server refuses the subscription; undefined when it does not. */
export async function subscribe(nc: NatsConnection, subject: string): Promise<string | undefined> {
  let error: string | undefined;
  nc.subscribe(subject, {
    callback: (problem) => {
      error = problem?.message;
    },
  });
  await nc.flush();
  await nc.flush();
  return error;
}
