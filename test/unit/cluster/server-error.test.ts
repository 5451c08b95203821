import { JetStreamApiError } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { serverError } from '../../../orchestrator/cluster/server-error.ts';
import { ensureStreams } from '../../../orchestrator/cluster/streams.ts';
import type { Cluster } from '../../../shared/protocol/mod.ts';

const answer = (err_code: number, description: string): JetStreamApiError =>
  new JetStreamApiError({ code: 503, err_code, description });

it.each([
  [10005, 'no suitable peers for placement'],
  [10008, 'JetStream system temporarily unavailable'],
  [10118, 'stream is offline'],
])('servers of which too few are there, %i: a run waits', (code, description) => {
  expect(serverError(answer(code, description))).toMatchObject({
    code: 'NATS_UNREACHABLE',
    details: { got: description, fix: expect.stringContaining('two must be running') },
  });
});

it.each([
  ['NATS_UNREACHABLE', answer(10005, 'no suitable peers for placement')],
  ['NATS_STREAM_DIFFERS', answer(10065, 'subjects overlap with an existing stream')],
])('a stream that cannot be made, %s', async (code, refusal) => {
  const streams = {
    info: () => Promise.reject(answer(10059, 'stream not found')),
    add: () => Promise.reject(refusal),
  };
  const cluster = { jsm: { streams } } as unknown as Cluster;
  await expect(ensureStreams(cluster, 3)).rejects.toMatchObject({ code });
});

it('other answers stay what they are, or say that there is no space', () => {
  const overlap = answer(10065, 'subjects overlap with an existing stream');
  expect(serverError(overlap)).toBe(overlap);
  expect(serverError(answer(10047, 'insufficient storage resources available'))).toMatchObject({
    code: 'NATS_STORAGE_FULL',
  });
  // with the number of servers that are missing
  expect(serverError(answer(10005, 'no suitable peers for placement, insufficient storage'))).toMatchObject({
    code: 'NATS_STORAGE_FULL',
  });
});
