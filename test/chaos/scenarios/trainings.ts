import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkpointFolder } from '../../../orchestrator/directory/mod.ts';
import type { Scenario } from '../scenario.ts';
import { journalSize, type Trial, trainings } from '../sweeps.ts';
import { killRuns, strikeSweeps } from './kills.ts';

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
  servers: 'none',
  async run(open, rounds) {
    const lab = await open();
    const make = () => lab.makeTrial(RUNS, trainings);
    const start = (trial: Trial, directory: string) =>
      lab.startLocalRun(trial, directory, ['--threads', '2', ...CHECKPOINT]);
    await killRuns(lab, rounds, make, start, async (run, directory) => {
      // while it starts, or after it got further: by a checkpoint and a moment more, or an outcome
      if (lab.random() < 0.3) return sleep(lab.between(0, 1000));
      const [before, since] = [journalSize(directory), Date.now()];
      while (run.alive && journalSize(directory) === before && lastCheckpoint(directory) <= since) await sleep(10);
      return sleep(lab.between(0, 500));
    });
    return lab.close();
  },
};

/** When the last one was written, in milliseconds of `Date.now()`; 0 when there is none. */
function lastCheckpoint(directory: string): number {
  const folder = checkpointFolder(directory);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.checkpoint')) : [];
  // one may be gone by now: its task is done
  const times = names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(0, ...times);
}
