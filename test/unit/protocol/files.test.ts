import type { JetStreamClient } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { PART_BYTES, putFile } from '../../../shared/protocol/mod.ts';

it('a part of a file has time for a slow line, and after one without an answer they are sent one at a time', async () => {
  const sent: { subject: string; timeout: number; underWay: number }[] = [];
  let underWay = 0;
  const js = {
    getOptions: () => ({ timeout: 3000 }),
    publish: async (subject: string, _: Uint8Array, { timeout }: { timeout: number }) => {
      underWay += 1;
      sent.push({ subject, timeout, underWay });
      await new Promise(setImmediate);
      underWay -= 1;
      if (sent.length <= 4) throw new Error('timeout');
    },
  } as unknown as JetStreamClient;
  const file = new Uint8Array(5 * PART_BYTES);
  const isStored = await putFile(js, file, String, async () => true, new AbortController().signal);
  expect(isStored).toBe(true);
  expect(sent.map(({ underWay: beside }) => beside)).toEqual([1, 2, 3, 4, 1, 1, 1, 1, 1]);
  expect(sent.map(({ subject }) => subject).slice(4)).toEqual(['0', '1', '2', '3', '4']);
  // 10 kB/s
  expect(sent.every(({ timeout }) => timeout >= 3000 + PART_BYTES / 10)).toBe(true);
});
