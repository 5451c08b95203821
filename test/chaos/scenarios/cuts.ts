import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../../support/processes.ts';
import type { Lab } from '../lab.ts';
import { whyNoNetwork } from '../network.ts';
import type { Scenario } from '../scenario.ts';
import type { Client } from '../servers.ts';
import { journalSize, type Trial } from '../sweeps.ts';

/** Most cuts are short, and TCP gets over them; in the others the connection is given up and made again. */
async function cutAndHeal(lab: Lab, link: Client): Promise<void> {
  link.cut();
  await sleep(lab.random() < 0.7 ? lab.between(500, 4000) : lab.between(12_000, 20_000));
  link.heal();
}

export const workerCut: Scenario = {
  name: 'worker-cut',
  fault: 'the network between the server and one of four workers cut for 0.5 to 20 s (namespaces, veth)',
  rounds: { full: 20, quick: 4 },
  impossible: whyNoNetwork,
  async run(open, rounds) {
    const lab = await open(4);
    await Promise.all(lab.clients.map((client, i) => lab.startWorker(`w${i}`, client)));
    for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
      const trial = await lab.makeTrial(300);
      const directory = lab.directory(`out-${sweeps}`);
      const run = lab.startRun(trial, directory);
      while (run.alive && journalSize(directory) === 0) await sleep(10);
      let lastFault: number | undefined;
      // each cable for itself
      await Promise.all(
        lab.clients.map(async (link) => {
          while (run.alive && lab.measured.faults < rounds) {
            await sleep(lab.between(100, 1500));
            if (!run.alive) return;
            await cutAndHeal(lab, link);
            lastFault = performance.now();
            await lab.recovered(directory, run);
          }
        }),
      );
      await lab.finish(run, directory, trial, lastFault);
    }
    return lab.close();
  },
};

export const orchestratorCut: Scenario = {
  name: 'orchestrator-cut',
  fault: 'the network between the server and one of four orchestrators, with a sweep each, cut for 0.5 to 20 s',
  rounds: { full: 20, quick: 4 },
  impossible: whyNoNetwork,
  async run(open, rounds) {
    const lab = await open(4);
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
      const trials: Trial[] = [];
      for (const _ of lab.clients) trials.push(await lab.makeTrial(75));
      await Promise.all(
        lab.clients.map(async (link, i) => {
          const directory = lab.directory(`out-${sweeps}-${i}`);
          const run: Running = lab.startRun(trials[i], directory, link);
          while (run.alive && journalSize(directory) === 0) await sleep(10);
          let lastFault: number | undefined;
          while (run.alive && lab.measured.faults < rounds) {
            await cutAndHeal(lab, link);
            lastFault = performance.now();
            await lab.recovered(directory, run);
            await sleep(lab.between(0, 300));
          }
          await lab.finish(run, directory, trials[i], lastFault);
        }),
      );
    }
    return lab.close();
  },
};
