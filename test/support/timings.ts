import { TIMINGS, type Timings } from '../../shared/protocol/mod.ts';

/** A few times as fast as in production: as long as three nodes, a server and the tests on two cores need to be heard in time. */
export const QUICK: Timings = {
  ...TIMINGS,
  ackWait: 4000,
  heartbeat: 400,
  look: 300,
  quiet: 800,
  held: 8000,
  retry: 150,
  rest: 200,
  backoff: 200,
  giveBack: 500,
  withoutScratch: 1000,
  lookForData: 500,
  share: 500,
  reconnect: 100,
};
