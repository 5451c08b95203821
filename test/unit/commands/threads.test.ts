import { expect, it } from 'vitest';
import { threadsFor } from '../../../orchestrator/options/common.ts';

it.each([
  { tasks: 6, wanted: 999, cores: 4, threads: 6, warned: false },
  { tasks: 1000, wanted: 999, cores: 4, threads: 999, warned: true },
  { tasks: 1000, wanted: 9, cores: 4, threads: 9, warned: true },
  { tasks: 1000, wanted: 8, cores: 4, threads: 8, warned: false },
  { tasks: 0, wanted: 4, cores: 4, threads: 1, warned: false },
])('$wanted threads for $tasks tasks on $cores cores are $threads', ({ tasks, wanted, cores, threads, warned }) => {
  const notes: string[] = [];
  expect(threadsFor(tasks, wanted, (text) => notes.push(text), cores)).toBe(threads);
  expect(notes).toHaveLength(warned ? 1 : 0);
  for (const note of notes) expect(note).toContain(`${threads} threads on ${cores} cores`);
});
