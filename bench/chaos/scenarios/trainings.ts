import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkpointFolder } from '../../../orchestrator/directory/mod.ts';
import { killHard } from '../processes.ts';
import type { Scenario } from '../scenario.ts';
import { journalSize, trainings } from '../sweeps.ts';
import { strikeSweeps } from './kills.ts';

/** Seconds between two checkpoints: a training has several. */
const CHECKPOINT = ['--checkpoint', '0.2'];
const RUNS = 6;

export const trainingWorkerKill: Scenario = {
  name: 'training-worker-kill',
  fault:
    'trajectories of a second or more, with checkpoints and series: kill -9 of one of three workers, two of which share a folder for checkpoints; another is started',
  rounds: { full: 20, quick: 4 },
  async run(open, rounds) {
    const lab = await open();
    let started = 0;
    const start = (index: number) => {
      const scratch = join(lab.folder, index === 0 ? 'scratch-alone' : 'scratch-shared');
      return lab.startWorker(`w${++started}`, { words: ['--scratch', scratch, ...CHECKPOINT] });
    };
    const workers = await Promise.all([start(0), start(1), start(2)]);
    const make = () => lab.makeTrial(RUNS, trainings);
    await strikeSweeps(lab, rounds, make, async () => {
      const index = Math.floor(lab.random() * workers.length);
      await lab.killWorker(workers[index]);
      workers[index] = await start(index);
    });
    return lab.close();
  },
};

export const trainingRunKill: Scenario = {
  name: 'training-run-kill',
  fault:
    'trajectories without a server: kill -9 of `run --threads 2` after a checkpoint or before, then the same command again',
  rounds: { full: 20, quick: 4 },
  async run(open, rounds) {
    const lab = await open();
    for (let sweeps = 1; lab.measured.faults < rounds; sweeps++) {
      const trial = await lab.makeTrial(RUNS, trainings);
      const directory = lab.directory(`out-${sweeps}`);
      const start = () => lab.startLocalRun(trial, directory, ['--threads', '2', ...CHECKPOINT]);
      let run = start();
      let lastFault: number | undefined;
      while (run.alive && lab.measured.faults < rounds) {
        // it gets further each time: to a checkpoint and a moment more, or to an outcome
        const before = journalSize(directory);
        while (run.alive && journalSize(directory) === before && !hasCheckpoint(directory)) await sleep(10);
        await sleep(lab.between(0, 1000));
        if (!run.alive) break;
        await killHard(run);
        lab.inspect('a run', run);
        lastFault = performance.now();
        run = start();
        await lab.recovered(directory, run);
      }
      await lab.finish(run, directory, trial, lastFault);
    }
    return lab.close();
  },
};

function hasCheckpoint(directory: string): boolean {
  const folder = checkpointFolder(directory);
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.checkpoint'));
}
