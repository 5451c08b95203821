import { JetStreamApiError } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { serverError } from '../../../orchestrator/cluster/server-error.ts';

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
