import { setTimeout as sleep } from 'node:timers/promises';
import { killHard, type Running } from '../../support/processes.ts';
import type { Lab } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { journalSize, type Trial } from '../sweeps.ts';

/** Runs sweeps, one after the other, until there were enough faults; `strike` makes one, while the run is alive. */
export async function strikeSweeps(
  lab: Lab,
  rounds: number,
  make: () => Promise<Trial>,
  strike: (run: Running, directory: string, trial: Trial) => Promise<void>,
): Promise<void> {
  for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
    const trial = await make();
    const directory = lab.directory(`out-${sweeps}`);
    const run = lab.startRun(trial, directory);
    while (run.alive && journalSize(directory) === 0) await sleep(10);
    let lastFault: number | undefined;
    while (run.alive && lab.measured.faults < rounds) {
      await sleep(lab.between(100, 1500));
      if (!run.alive) break;
      await strike(run, directory, trial);
      lastFault = performance.now();
      await lab.recovered(directory, run);
    }
    await lab.finish(run, directory, trial, lastFault);
  }
}

/** Runs sweeps by one command that is killed, `kill -9`, and given again, until there were enough; `moment` waits for the next kill. */
export async function killRuns(
  lab: Lab,
  rounds: number,
  make: () => Promise<Trial>,
  start: (trial: Trial, directory: string) => Running,
  moment: (run: Running, directory: string) => Promise<unknown>,
): Promise<void> {
  for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
    const trial = await make();
    const directory = lab.directory(`out-${sweeps}`);
    let run = start(trial, directory);
    let lastFault: number | undefined;
    while (run.alive && lab.measured.faults < rounds) {
      await moment(run, directory);
      if (!run.alive) break;
      await killHard(run);
      lab.inspect('a run', run);
      lastFault = performance.now();
      run = start(trial, directory);
      await lab.recovered(directory, run);
    }
    await lab.finish(run, directory, trial, lastFault);
  }
}

export const workerKill: Scenario = {
  name: 'worker-kill',
  fault: 'kill -9 of one of three workers; another is started',
  rounds: { full: 20, quick: 4 },
  async run(open, rounds) {
    const lab = await open();
    let started = 0;
    const start = () => lab.startWorker(`w${++started}`);
    const workers = await Promise.all([start(), start(), start()]);
    await strikeSweeps(
      lab,
      rounds,
      () => lab.makeTrial(150),
      async () => {
        const index = Math.floor(lab.random() * workers.length);
        await lab.killWorker(workers[index]);
        workers[index] = await start();
      },
    );
    return lab.close();
  },
};

export const serverKill: Scenario = {
  name: 'server-kill',
  fault:
    'kill -9 of the nats-server, or of all three at once; started again up to two seconds later, the three up to three seconds apart',
  rounds: { full: 20, quick: 4 },
  async run(open, rounds) {
    const lab = await open();
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    await strikeSweeps(
      lab,
      rounds,
      () => lab.makeTrial(150),
      async () => {
        await lab.servers.kill();
        await sleep(lab.between(0, 2000));
        await lab.servers.restart();
      },
    );
    return lab.close();
  },
};

export const storeDeleted: Scenario = {
  name: 'store-deleted',
  fault:
    'kill -9 of the nats-server, or of all three at once, the whole store deleted, started again, the three up to three seconds apart',
  rounds: { full: 20, quick: 3 },
  async run(open, rounds) {
    const lab = await open();
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    await strikeSweeps(
      lab,
      rounds,
      () => lab.makeTrial(150),
      async () => {
        await lab.servers.kill();
        lab.servers.wipe();
        await lab.servers.restart();
      },
    );
    return lab.close();
  },
};

export const orchestratorKill: Scenario = {
  name: 'orchestrator-kill',
  fault: 'kill -9 of the orchestrator, then the same command again',
  rounds: { full: 20, quick: 4 },
  async run(open, rounds) {
    const lab = await open();
    await Promise.all([lab.startWorker('one'), lab.startWorker('two')]);
    const make = () => lab.makeTrial(150);
    const start = (trial: Trial, directory: string) => lab.startRun(trial, directory);
    await killRuns(lab, rounds, make, start, async (run, directory) => {
      const before = journalSize(directory);
      // while it starts, or after some outcomes
      if (lab.random() < 0.3) await sleep(lab.between(0, 1000));
      else while (run.alive && journalSize(directory) < before + 20_000) await sleep(10);
    });
    return lab.close();
  },
};
