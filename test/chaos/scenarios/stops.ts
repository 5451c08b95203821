import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { journalSize } from '../sweeps.ts';

/** Longer than the consumer's ack_wait of 30 s, after which the tasks of a silent node go to others. */
const STOPPED_MS = 34_000;
const AT_ONCE = 10;

export const workerStop: Scenario = {
  name: 'worker-stop',
  fault: 'SIGSTOP of ten of eleven workers for 34 s (more than ack_wait), then SIGCONT; its times are from the stop',
  rounds: { full: 20, quick: 10 },
  async run(open, rounds) {
    const lab = await open();
    const workers = await Promise.all(Array.from({ length: AT_ONCE + 1 }, (_, i) => lab.startWorker(`w${i}`)));
    const stopped = workers.slice(1);
    for (let wave = 1; lab.measured.faults < rounds; wave++) {
      const trial = await lab.makeTrial(100);
      const directory = lab.directory(`out-${wave}`);
      const run = lab.startRun(trial, directory);
      while (run.alive && journalSize(directory) === 0) await sleep(5);
      for (const { child } of stopped) child.kill('SIGSTOP');
      const started = performance.now();
      // the other worker goes on; the tasks of those that are stopped come back to it after ack_wait
      const waiting = lab.recovered(directory, run);
      await sleep(STOPPED_MS);
      lab.measured.faults += AT_ONCE - 1;
      for (const { child } of stopped) child.kill('SIGCONT');
      await waiting;
      await lab.finish(run, directory, trial, started);
      // what those that go on still send
      await sleep(3000);
    }
    return lab.close();
  },
};
