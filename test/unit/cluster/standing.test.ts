import { assert, nat, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { countsOf } from '../../../orchestrator/cluster/standing.ts';

it('done, running, pending and failed add up to the total, whatever was read', () => {
  const small = nat(12);
  assert(
    property(
      record({ total: small, elsewhere: small, results: small, failures: small, underWay: small }),
      (readings) => {
        const { done, running, pending, failed, total } = countsOf(readings);
        expect(done + running + pending + failed).toBe(readings.total);
        expect(total).toBe(readings.total);
        expect(Math.min(done, running, pending, failed)).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

it('a result counts more than a failure, and that more than a delivery', () => {
  const readings = { total: 10, elsewhere: 2, results: 5, failures: 2, underWay: 4 };
  expect(countsOf(readings)).toEqual({ done: 7, failed: 2, running: 1, pending: 0, total: 10 });
});
