import { expect, it } from 'vitest';
import { parseTimings, TIMINGS } from '../../../shared/protocol/mod.ts';

it('timings that are not given are those of production', () => {
  expect(parseTimings('{}')).toEqual(TIMINGS);
  expect(parseTimings('{"ackWait": 2000}')).toEqual({ ...TIMINGS, ackWait: 2000 });
});

it.each(['', '[]', 'null', '{"ackwait": 2000}', '{"ackWait": "2000"}', '{"ackWait": 0}', '{"ackWait": 0.5}'])(
  '%j is refused, with the names that there are',
  (text) => {
    expect(() => parseTimings(text)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        details: expect.objectContaining({ where: 'EDGESWEEP_TIMINGS', expected: expect.stringContaining('ackWait') }),
      }),
    );
  },
);
