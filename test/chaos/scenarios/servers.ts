import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { journalSize } from '../sweeps.ts';

/** Of three servers one after the other is in trouble during every scenario; here nothing else happens. */
export const serverOfThree: Scenario = {
  name: 'server-of-three',
  fault: 'nothing but the trouble of one of the three servers; a fault is the end of one',
  rounds: { full: 18, quick: 9 },
  servers: 'three',
  async run(open, rounds) {
    const lab = await open();
    const { troubles } = lab.servers;
    if (troubles === undefined) throw new Error('there is one server only');
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
      const trial = await lab.makeTrial(300);
      const directory = lab.directory(`out-${sweeps}`);
      const run = lab.startRun(trial, directory);
      while (run.alive && journalSize(directory) === 0) await sleep(10);
      let lastFault: number | undefined;
      troubles.onEnd = () => {
        if (!run.alive) return;
        lastFault = performance.now();
        void lab.recovered(directory, run);
      };
      await run.ended;
      await lab.finish(run, directory, trial, lastFault);
      troubles.onEnd = undefined;
    }
    return lab.close();
  },
};
