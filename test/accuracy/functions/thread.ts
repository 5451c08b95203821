import { CASES } from './cases.ts';
import { type Measured, measure } from './error.ts';

export type Job = { name: string; from: number; to: number; stride: number };

/** What runs inside a thread. */
export function measureJob({ name, from, to, stride }: Job): Measured {
  const found = CASES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new RangeError(`no function ${name}`);
  return measure(found, from, to, stride);
}
