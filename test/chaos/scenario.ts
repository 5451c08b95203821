import type { Lab, Measured } from './lab.ts';

export type Scenario = {
  name: string;
  /** for the report: what is done */
  fault: string;
  /** rounds of faults, at least */
  rounds: { full: number; quick: number };
  /** that it needs: default any; `three`: some of which are in trouble */
  servers?: 'none' | 'three';
  /** why it cannot be done here; undefined: it can */
  impossible?(): string | undefined;
  /** @param open takes the number of places that need cables of their own, default 0 */
  run(open: (clients?: number) => Promise<Lab>, rounds: number): Promise<Measured>;
};
