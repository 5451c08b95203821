import type { Trainings } from '../chapter-3/trajectories.ts';

/** A shipped sweep, without `frontier/`, and how many seeds it takes. */
export type Sweep = {
  sweep: string;
  runs: number;
  /** settings of the run that its figure shows, which is of the first seed */
  figure?: readonly string[];
};

/** A part of the document: the sweeps that its numbers come from, and what is written of them. */
export type Section = {
  /** of the marks between which its numbers stand */
  name: string;
  sweeps: readonly Sweep[];
  /** what differs between the seeds */
  seeds: 'data and initial weights' | 'initial weights';
  write(...results: Trainings[]): string;
};
