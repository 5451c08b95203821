import { describe, expect, it } from 'vitest';
import { findSweep } from '../../../orchestrator/cluster/find-sweep.ts';

const known = [
  { key: 'table-4_1-aaaaaaaaaaaa', name: 'table-4.1' },
  { key: 'table-4_1-bbbbbbbbbbbb', name: 'table-4.1' },
  { key: 'other-cccccccccccc', name: 'other' },
];

describe('findSweep', () => {
  it.each([
    ['other-cccccccccccc', undefined, 2],
    ['other', undefined, 2],
    // the file decides between two of one name
    ['table-4.1', 'table-4_1-bbbbbbbbbbbb', 1],
    ['sweeps/table-4.1.yaml', 'table-4_1-aaaaaaaaaaaa', 0],
    // the name alone, when it was run with other flags
    ['other', 'other-dddddddddddd', 2],
  ])('finds %s', (text, fileKey, index) => {
    expect(findSweep({ text, fileKey }, known)).toBe(known[index]);
  });

  it.each([
    ['table-4.1', undefined, /2 sweeps/],
    ['sweeps/other.yaml', 'other-dddddddddddd', /no such sweep/],
    ['another', undefined, /no such sweep/],
  ])('refuses %s', (text, fileKey, message) => {
    expect(() => findSweep({ text, fileKey }, known)).toThrow(message);
  });
});
