import type { Address } from '../support/nats-server.ts';
import type { Lab, Measured } from './lab.ts';

export type Scenario = {
  name: string;
  /** for the report: what is done */
  fault: string;
  /** rounds of faults, at least */
  rounds: { full: number; quick: number };
  /** why it cannot be done here; undefined: it can */
  impossible?(): string | undefined;
  run(open: (at?: Address) => Promise<Lab>, rounds: number): Promise<Measured>;
};
